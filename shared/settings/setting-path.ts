import { z } from 'zod'

/** A setting's place in what is varied: the path is that of a configuration (`training.rate`), `network` for its words, `network.blocks` for an option in them. */
export const SettingPath = z
  .string()
  .regex(
    /^(network(\.[\w-]+)?|seed|(data|training|execution)(\.\w+)+)$/,
    'must be network, network.…, seed, data.…, training.… or execution.…',
  )
  .max(200)
