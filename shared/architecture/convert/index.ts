import type { PresetInfo } from '../../api'
import { isUserError, UserError } from '../../errors'
import type { NetworkDocument } from '../document'
import { expand } from '../expand'
import { projectableTransitions } from '../repairs'
import { plainRecipe } from '../presets/preset'
import { procResnet, procResnetV1 } from '../presets/proc-resnet'
import { vit } from '../presets/vit'
import { deepCopy } from './connections'
import { convertDense } from './dense-network'
import { nameAfter } from './name'
import { layersIn } from './residual'
import { convertResidual } from './residual-network'
import { type Form, FORMS, formOf, survey } from './survey'

export { type Form, FORMS, formOf }

/**
 * The same network in another form: `projected`, with identity skips and bare convolutions to be projected (arXiv 1805.07477, versions
 * 2 to 5); `l2-pooling`, with L2 pooling and copies of the channels between its stages (version 1); `learned`, with a shortcut in
 * each block that changes the shape (He et al. 2015, 2016), or a DenseNet's own transitions. What the form does not concern stays
 * as it is; equal blocks that come to stand behind one another become one that is repeated.
 *
 * @returns A new document, or the one given where it has that form already.
 * @throws UserError that says why the network cannot have that form, or what is wrong with it.
 */
export function convertTo(document: NetworkDocument, form: Form): NetworkDocument {
  if (formOf(document) === form) return document
  const converted = inForm(document, form)
  return { ...converted, name: nameAfter(document, converted, form) }
}

/** A copy of a document of another form, brought into this one, and found to be without faults. */
function inForm(document: NetworkDocument, form: Form): NetworkDocument {
  const converted = deepCopy(document)
  const { residual, dense, transitions } = survey(converted)
  if (residual.length > 0) convertResidual(converted, form)
  else if (dense.length > 0 && transitions.length > 0) convertDense(converted, form)
  else
    throw new UserError(
      dense.length > 0
        ? 'its dense blocks have no transition between them'
        : 'there is no residual block in it: a block, counted as a unit, that adds a skip to a branch',
      { place: `network “${document.name}”` },
    )
  const network = expand(converted)
  if (form === 'projected' && projectableTransitions(network).length === 0)
    throw new UserError('its stem and transitions have no convolution, so that there is nothing to project', {
      place: `network “${document.name}”`,
    })
  return converted
}

/** The form that a network has, and those that it can have; a sentence where it cannot, null where it can. */
export function formsOf(document: NetworkDocument): {
  current: Form | null
  possible: { form: Form; problem: string | null }[]
} {
  const current = formOf(document)
  return { current, possible: FORMS.map((form) => ({ form, problem: form === current ? null : problemOf(document, form) })) }
}

function problemOf(document: NetworkDocument, form: Form): string | null {
  try {
    inForm(document, form)
    return null
  } catch (error) {
    if (isUserError(error)) return error.message
    throw error
  }
}

/** The repairs and initial values that the presets of a network's form are meant to be trained with. */
export function recommendedRepairs(document: NetworkDocument): PresetInfo['recommended'] {
  if (layersIn(document.nodes).some(({ kind }) => kind === 'attention')) return vit.recommended
  const form = formOf(document)
  const isResidual = survey(document).residual.length > 0
  if (form === 'projected')
    return whereItProjects(document, isResidual ? procResnet.recommended : { ...plainRecipe, projection: 'transitions' })
  return form === 'l2-pooling' && isResidual ? procResnetV1.recommended : plainRecipe
}

/** Orthogonal by construction, say, stem and transitions have nothing that a projection would take. */
function whereItProjects(document: NetworkDocument, recommended: PresetInfo['recommended']): PresetInfo['recommended'] {
  try {
    return projectableTransitions(expand(document)).length > 0 ? recommended : { ...recommended, projection: 'none' }
  } catch (error) {
    if (isUserError(error)) return recommended
    throw error
  }
}
