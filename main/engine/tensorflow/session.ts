import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { writeFile } from '../../files/write-file'
import { DATA_TYPE, type GraphNode } from '../graph/node'
import { type TensorflowBinding, tensorflow } from './binding'
import { encodeSavedModel, encodeSessionConfig, type SessionOptions, TAG } from './saved-model'

export interface Feed {
  readonly shape: readonly number[]
  /** Must stay unchanged until `run` returns: TensorFlow may read the memory itself. */
  readonly values: Float32Array | Int32Array
}

/** One TensorFlow graph with its variables. One owner, who closes it. */
export class Session {
  private constructor(
    private readonly binding: TensorflowBinding,
    private readonly id: number,
  ) {}

  /**
   * Hands the graph to TensorFlow, by a SavedModel in a temporary folder that is gone afterwards.
   * @param target The server that computes it with those it knows of; see `TensorflowBinding.startServer`. This process where absent.
   */
  static open(nodes: readonly GraphNode[], options: SessionOptions, target?: string): Session {
    const binding = tensorflow()
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'normlab-graph-'))
    try {
      writeFile(path.join(folder, 'saved_model.pb'), encodeSavedModel(nodes))
      writeFile(path.join(folder, 'session_config.pb'), encodeSessionConfig(options))
      if (target !== undefined) writeFile(path.join(folder, 'session_target.txt'), Buffer.from(target))
      return new Session(binding, binding.loadSavedModel(folder, TAG))
    } finally {
      fs.rmSync(folder, { recursive: true, force: true })
    }
  }

  /**
   * One session call.
   * @param feeds Values of placeholders, by node.
   * @param fetches Nodes to compute, in the order of the answer.
   */
  run(feeds: Readonly<Record<string, Feed>>, fetches: readonly string[]): (Float32Array | Int32Array)[] {
    const tensors = Object.entries(feeds).map(
      ([name, { shape, values }]) =>
        [
          name,
          () => this.binding.createTensor(shape, values instanceof Int32Array ? DATA_TYPE.int32 : DATA_TYPE.float, values),
        ] as const,
    )
    return this.call(tensors, fetches).map(({ values }) => values)
  }

  /**
   * One session call on files: each fed as one string.
   * @param fetches Nodes of type int32.
   */
  runBytes(
    feeds: Readonly<Record<string, Uint8Array>>,
    fetches: readonly string[],
  ): { values: Int32Array; shape: readonly number[] }[] {
    const tensors = Object.entries(feeds).map(
      ([name, file]) => [name, () => this.binding.createTensor([], DATA_TYPE.string, [file])] as const,
    )
    return this.call(tensors, fetches) as { values: Int32Array; shape: readonly number[] }[]
  }

  /** One session call; the tensors that go in are made here, and let go whatever happens. */
  private call(
    feeds: readonly (readonly [name: string, make: () => number])[],
    fetches: readonly string[],
  ): { values: Float32Array | Int32Array; shape: readonly number[] }[] {
    const inputs: number[] = []
    try {
      for (const [, make] of feeds) inputs.push(make())
      const outputs = this.binding.runSavedModel(
        this.id,
        inputs,
        feeds.map(([name]) => `${name}:0`).join(),
        fetches.map((name) => `${name}:0`).join(),
      )
      return outputs.map(({ id, shape }) => {
        const values = this.binding.tensorDataSync(id) as Float32Array | Int32Array
        this.binding.deleteTensor(id)
        return { values, shape }
      })
    } finally {
      for (const id of inputs) this.binding.deleteTensor(id)
    }
  }

  close(): void {
    this.binding.deleteSavedModel(this.id)
  }
}
