import type { Component } from './components'

/**
 * The bill of materials of a package, as CycloneDX 1.5 has it (https://cyclonedx.org/docs/1.5/json). It has no time and no number of its own: the same
 * parts make the same bill.
 */
export function billOfMaterials(version: string, components: readonly Component[]): string {
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      component: { type: 'application', 'bom-ref': 'normlab', name: 'normlab', version, licenses: [{ license: { id: 'MIT' } }] },
    },
    components: components.map(({ name, version, licence, purl }) => ({
      type: purl.startsWith('pkg:github/') ? 'framework' : 'library',
      'bom-ref': purl,
      name,
      version,
      licenses: licences(licence),
      purl,
    })),
    dependencies: [{ ref: 'normlab', dependsOn: components.map(({ purl }) => purl) }],
  }
  return JSON.stringify(bill, null, 2) + '\n'
}

/** An SPDX id is a licence; with AND, OR and brackets it is an expression; anything else is a name. */
function licences(text: string): object[] {
  if (/^[A-Za-z0-9.+-]+$/.test(text)) return [{ license: { id: text } }]
  return / (AND|OR|WITH) /.test(text) ? [{ expression: text }] : [{ license: { name: text } }]
}

/** The licences of all npm packages that are shipped, one after another. */
export function notices(components: readonly Component[]): string {
  const parts = components.map(
    ({ name, version, licence, text }) =>
      `${name} ${version} (${licence})\n\n${text?.trim() ?? 'Its package holds no text of the licence.'}\n`,
  )
  return `NormLab is made of these packages. Electron's licences lie beside its executable, TensorFlow's in resources/tensorflow/licences.\n\n${parts.join(`\n${'-'.repeat(79)}\n\n`)}`
}
