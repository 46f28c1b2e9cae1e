/** Says on the page's root whether scroll bars take room here or lie over what they scroll; the styles go by it. */
export function tellScrollBars(): void {
  const probe = document.createElement('div')
  probe.style.cssText = 'position: absolute; visibility: hidden; width: 60px; height: 60px; overflow: scroll'
  document.body.append(probe)
  document.documentElement.dataset['scrollBars'] = probe.offsetWidth > probe.clientWidth ? 'room' : 'over'
  probe.remove()
}
