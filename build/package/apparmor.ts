/**
 * The profile that lets the app make the user namespace of its sandbox where AppArmor keeps them from programs that it does not know (Ubuntu 23.10 and
 * later). It confines nothing else. Older AppArmor does not know the rule, nor needs it.
 * @param executable Absolute.
 */
export function apparmorProfile(executable: string): string {
  return `abi <abi/4.0>,
include <tunables/global>

profile normlab "${executable}" flags=(unconfined) {
  userns,

  include if exists <local/normlab>
}
`
}
