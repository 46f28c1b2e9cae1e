import { describe, expect, it } from 'vitest'
import { parse } from '../../../main/cli/arguments'
import { readSettings, train } from '../../../main/cli/train'
import { Training } from '../../../shared/configuration'
import { recipes } from '../../../shared/recipes'

const settings = (words: string) => readSettings(parse(train, words.split(' '))).training

describe('the recipes', () => {
  it('have names of their own and settings that the schema takes', () => {
    expect(new Set(recipes.map(({ name }) => name)).size).toBe(recipes.length)
    for (const { training } of recipes) expect(() => Training.parse(training)).not.toThrow()
  })

  it('are those of the paper’s two versions', () => {
    const of = (name: string): Training => Training.parse(recipes.find((recipe) => recipe.name === name)!.training)
    for (const version of [of('proc-resnet'), of('proc-resnet-v1')]) {
      expect(version).toMatchObject({ batch: 128, epochs: 300, rate: 0.1, milestones: [150, 225], factor: 0.1 })
      expect(version).toMatchObject({ momentum: 0.9, weightDecay: 1e-4, augmentation: { flip: true, crop: 4 } })
    }
    expect(of('proc-resnet')).toMatchObject({ nesterov: false, augmentation: { padding: 'reflect' } })
    expect(of('proc-resnet').projection).toMatchObject({ layers: 'transitions', probability: 0.5 })
    expect(of('proc-resnet-v1')).toMatchObject({ nesterov: true, init: 'he-fan-out', augmentation: { padding: 'zero' } })
    expect(of('proc-resnet-v1').whitening).toMatchObject({ layers: 'all', every: 1, probability: 1 })
  })

  it('give way to what is said beside them', () => {
    const training = settings('net --recipe proc-resnet --epochs 5 --project-probability 1 --augment flip')
    expect(training).toMatchObject({ batch: 128, epochs: 5, milestones: [150, 225] })
    expect(training!.projection).toEqual({ layers: 'transitions', probability: 1 })
    expect(training!.augmentation).toEqual({ flip: true, crop: 0, padding: 'zero' })
    expect(() => settings('net --recipe none')).toThrow(/^--recipe: "none" is not one of its words; use proc-resnet, /)
    expect(() => settings('net --recipe proc-resnt')).toThrow(/perhaps proc-resnet$/)
  })
})
