const eslintVue = require('eslint-plugin-vue')
const typescript = require('typescript-eslint')
const normlab = require('./build/lint/layers.js')

module.exports = typescript.config(
  { ignores: ['out/', 'dist/', 'node_modules/', 'test-results/'] },
  {
    files: ['**/*.ts', '**/*.mts', '**/*.vue'],
    extends: [typescript.configs.strict, typescript.configs.stylistic, eslintVue.configs['flat/recommended']],
    plugins: { normlab },
    languageOptions: { parserOptions: { parser: typescript.parser } },
    rules: {
      'normlab/layers': 'error',
      eqeqeq: 'error',
      // Standard output belongs to the command line (one JSON object a line); what bugs say goes to standard error.
      'no-console': ['error', { allow: ['error'] }],
      'no-restricted-globals': ['error', 'structuredClone'],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/no-explicit-any': 'error',
      // Indexing is checked by the compiler (noUncheckedIndexedAccess); where the maths guarantees an element, `!` says so.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Numeric loops read better with their index.
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Prettier decides on white space.
      'vue/html-indent': 'off',
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/first-attribute-linebreak': 'off',
      'vue/attributes-order': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/require-default-prop': 'off',
      // Pages, reports and charts never show a string as markup.
      'vue/no-v-html': 'error',
    },
  },
  // A promise that nobody awaits loses its error. The rule needs types, so it looks at the processes only.
  {
    files: ['main/**/*.ts', 'shared/**/*.ts', 'build/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: __dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
    },
  },
)
