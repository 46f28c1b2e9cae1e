import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { bindingFingerprint, BINDING_PACKAGE_VERSION, patched } from '../../../build/prepare/binding'
import { BINDING_FINGERPRINT } from '../../../main/resources'

const tfjs = path.resolve(__dirname, '../../../node_modules/@tensorflow/tfjs-node-gpu')
const source = readFileSync(path.join(tfjs, 'binding/tfjs_backend.cc'), 'utf8')

describe("the binding's recipe", () => {
  it('is the one that the run time looks for', () => {
    expect(BINDING_FINGERPRINT).toBe(bindingFingerprint())
  })

  it('is written for the version that is installed', () => {
    const { version } = JSON.parse(readFileSync(path.join(tfjs, 'package.json'), 'utf8')) as { version: string }
    expect(version).toBe(BINDING_PACKAGE_VERSION)
  })

  it('gives every thread its own attribute names, and a session its options and a trace', () => {
    const text = patched('tfjs_backend.cc', source)
    expect(text).toContain('static thread_local std::set<std::string> ATTR_NAME_SET;')
    expect(text.indexOf('TF_SetConfig(session_options')).toBeLessThan(text.indexOf('TF_LoadSessionFromSavedModel('))
    expect(text.split('\n').length).toBe(source.split('\n').length + 29)
    expect(text).toContain('TF_SessionRun(savedmodel_entry->second.first, run_options')
    expect(text).toContain('run_metadata, tf_status.status')
    expect(text.indexOf('TF_SetTarget(session_options')).toBeLessThan(text.indexOf('TF_LoadSessionFromSavedModel('))
  })

  it('refuses a source that a patch does not fit, and one that is patched already', () => {
    expect(() => patched('tfjs_backend.cc', source.replace('ATTR_NAME_SET;', 'NAMES;'))).toThrow(
      /fits 0 places instead of 1; run `npm ci`/,
    )
    expect(() => patched('tfjs_backend.cc', patched('tfjs_backend.cc', source))).toThrow(/fits 0 places/)
  })
})
