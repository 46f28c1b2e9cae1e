import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { cp, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { UserError } from '../../shared/errors'
import { exists, run } from './command'

/** A change to one file of the binding's C++. */
interface Patch {
  readonly purpose: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** The version of @tensorflow/tfjs-node-gpu whose C++ the patches are written for. */
export const BINDING_PACKAGE_VERSION = '4.22.0'

const SET = 'static std::set<std::string> ATTR_NAME_SET;'
const LOAD = '  TF_Session *session = TF_LoadSessionFromSavedModel('
const INIT = 'static napi_value InitTFNodeJSBinding(napi_env env, napi_value exports) {'
const PROPERTY = '      {"loadSavedModel", nullptr, LoadSavedModel,'
const RUN = `  TF_SessionRun(savedmodel_entry->second.first, nullptr, inputs.data(),
                input_values.data(), num_input_ids, outputs.data(),
                output_values.data(), output_op_name_array.size(), nullptr, 0,
                nullptr, tf_status.status);
`

export const PATCHES: readonly Patch[] = [
  {
    // One set for the whole process: two worker threads that insert into it at once corrupt it.
    purpose: 'one set of attribute names a thread',
    file: 'tfjs_backend.cc',
    find: SET,
    replace: SET.replace('static', 'static thread_local'),
  },
  {
    // The binding has no door for session options. Without them Grappler spends 10 s on a graph of 1001 layers, the number
    // of threads cannot be set, and TensorFlow takes the whole memory of a GPU at once.
    purpose: "session options from a ConfigProto beside the SavedModel, 'session_config.pb'",
    file: 'tfjs_backend.cc',
    find: LOAD,
    replace: `  if (FILE *file = fopen((std::string(export_dir) + "/session_config.pb").c_str(), "rb")) {
    std::string config;
    char chunk[4096];
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;) config.append(chunk, n);
    fclose(file);
    TF_SetConfig(session_options, config.data(), config.size(), tf_status.status);
    if (TF_GetCode(tf_status.status) != TF_OK) {
      NAPI_THROW_ERROR(env, "session_config.pb: %s", TF_Message(tf_status.status));
      return nullptr;
    }
  }
  // A session of a server of several processes; see tensorflow/kernels/server.cc.
  if (FILE *file = fopen((std::string(export_dir) + "/session_target.txt").c_str(), "rb")) {
    char target[256] = {};
    if (fread(target, 1, sizeof target - 1, file) > 0) TF_SetTarget(session_options, target);
    fclose(file);
  }
${LOAD}`,
  },
  {
    // TensorFlow's distributed runtime is in its libraries, and the binding has no door to it.
    purpose: 'a server of the distributed runtime, declared',
    file: 'tfjs_binding.cc',
    find: INIT,
    replace: `napi_value NormlabStartServer(napi_env env, napi_callback_info info);

${INIT}`,
  },
  {
    purpose: 'a server of the distributed runtime, exported',
    file: 'tfjs_binding.cc',
    find: PROPERTY,
    replace: `      {"startServer", nullptr, NormlabStartServer, nullptr, nullptr, nullptr,
       napi_default, nullptr},
${PROPERTY}`,
  },
  {
    // The binding asks for no trace, and without one nobody can say where a step's time goes.
    purpose: 'the RunMetadata of a session call with all its times, into the file that NORMLAB_TRACE names',
    file: 'tfjs_backend.cc',
    find: RUN,
    replace: `  const char *trace = getenv("NORMLAB_TRACE");
  // RunOptions { trace_level: FULL_TRACE }.
  TF_Buffer *run_options = trace ? TF_NewBufferFromString("\\x08\\x03", 2) : nullptr;
  TF_Buffer *run_metadata = trace ? TF_NewBuffer() : nullptr;
${RUN.replace('second.first, nullptr', 'second.first, run_options').replace('nullptr, tf_status', 'run_metadata, tf_status')}  if (trace) {
    if (FILE *file = fopen(trace, "wb")) {
      if (run_metadata->data) fwrite(run_metadata->data, 1, run_metadata->length, file);
      fclose(file);
    }
    TF_DeleteBuffer(run_options);
    TF_DeleteBuffer(run_metadata);
  }
`,
  },
]

/** Our own TensorFlow kernels, which register themselves when the binding is loaded. */
const KERNEL_FOLDER = path.resolve(__dirname, '../../main/engine/tensorflow/kernels')
/** Their sources, headers among them. */
const KERNEL_FILES = readdirSync(KERNEL_FOLDER)
  .filter((name) => /\.(cc|h)$/.test(name))
  .sort()
  .map((name) => path.join(KERNEL_FOLDER, name))
const KERNELS = KERNEL_FILES.filter((file) => file.endsWith('.cc'))

const FLAGS = [
  '-O3',
  // TensorFlow's headers warn of one another.
  '-w',
  '-std=c++17',
  '-fPIC',
  '-shared',
  '-DNAPI_VERSION=8',
  '-DBUILDING_NODE_EXTENSION',
  // As TensorFlow's wheel was built: tensors and their allocators must agree.
  '-D_GLIBCXX_USE_CXX11_ABI=1',
  '-DEIGEN_MAX_ALIGN_BYTES=64',
]
const RPATH = '-Wl,-rpath,$ORIGIN/lib'

/** Eight hexadecimal digits that change with the patches, the kernels, the flags or the binding's version. */
export function bindingFingerprint(): string {
  const kernels = KERNEL_FILES.map((file) => readFileSync(file, 'utf8'))
  const recipe = JSON.stringify([BINDING_PACKAGE_VERSION, PATCHES, kernels, FLAGS, RPATH])
  return createHash('sha256').update(recipe).digest('hex').slice(0, 8)
}

/** The C++ compiler: CXX, else the first of the usual ones that answers. */
export async function findCompiler(): Promise<string> {
  const asked = process.env['CXX']
  for (const compiler of asked ? [asked] : ['g++', 'c++', 'clang++']) {
    if (await exists(compiler)) return compiler
  }
  throw new UserError(
    asked
      ? `CXX names "${asked}", which cannot be run`
      : 'no C++ compiler was found, and the TensorFlow binding is built from source',
    {
      remedy: 'install g++ (Debian and Ubuntu: apt-get install g++), then run this again',
    },
  )
}

/**
 * Applies the patches to a source text.
 * @throws UserError where the place of a patch is not there exactly once.
 */
export function patched(file: string, source: string): string {
  return PATCHES.filter((patch) => patch.file === file).reduce((text, patch) => {
    const parts = text.split(patch.find)
    if (parts.length === 2) return parts.join(patch.replace)
    throw new UserError(`the patch "${patch.purpose}" fits ${parts.length - 1} places instead of 1`, {
      place: `@tensorflow/tfjs-node-gpu/binding/${file}`,
      remedy: `run \`npm ci\` to get version ${BINDING_PACKAGE_VERSION} as it was published`,
    })
  }, source)
}

/**
 * Builds `tfjs_binding.node`, the binding with our kernels, into `folder`, against the libraries in its `lib` folder.
 * @param nodeModules The folder that holds @tensorflow/tfjs-node-gpu and node-api-headers.
 * @param include TensorFlow's headers.
 * @param scratch An empty place for the patched sources.
 */
export async function buildBinding(nodeModules: string, include: string, scratch: string, folder: string): Promise<void> {
  const compiler = await findCompiler()
  const sources = path.join(scratch, 'binding')
  await cp(path.join(nodeModules, '@tensorflow/tfjs-node-gpu/binding'), sources, { recursive: true })
  for (const file of new Set(PATCHES.map((patch) => patch.file))) {
    const source = path.join(sources, file)
    await writeFile(source, patched(file, await readFile(source, 'utf8')))
  }
  const { status, stderr } = await run(compiler, [
    ...FLAGS,
    `-I${include}`,
    `-I${path.join(nodeModules, 'node-api-headers/include')}`,
    path.join(sources, 'tfjs_backend.cc'),
    path.join(sources, 'tfjs_binding.cc'),
    ...KERNELS,
    '-o',
    path.join(folder, 'tfjs_binding.node'),
    `-L${path.join(folder, 'lib')}`,
    '-l:libtensorflow_cc.so.2',
    '-l:libtensorflow_framework.so.2',
    RPATH,
  ])
  if (status === 0) return
  if (/No space left on device/.test(stderr)) throw Object.assign(new Error(stderr), { code: 'ENOSPC' })
  const reason = stderr.split('\n').find((line) => /error|undefined reference|cannot find/i.test(line)) ?? stderr.slice(0, 300)
  throw new UserError(`${compiler} could not build the TensorFlow binding (${reason.trim()})`, {
    remedy: 'a C++17 compiler with its standard library is needed; set CXX to another one, then run this again',
  })
}
