import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

const shell = { group: ['@tauri-apps/*'], message: 'Only src/lib/backend talks to the shell.' };
const mock = { group: ['**/backend/mock*', '**/backend/tauri*'], message: 'Import $lib/backend/backend.' };

export default ts.config(
  { ignores: ['dist', 'node_modules'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, extraFileExtensions: ['.svelte'], svelteConfig } },
  },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-undef': 'off',
      'svelte/no-navigation-without-resolve': 'off',
      'svelte/prefer-svelte-reactivity': 'off',
      'svelte/require-each-key': 'error',
      // svelte-check judges the ignores; the plugin does not see every warning that they silence.
      'svelte/no-unused-svelte-ignore': 'off',
    },
  },
  // Arrows: shared <- domain <- routes, and one door to the shell.
  { files: ['src/**'], rules: { 'no-restricted-imports': ['error', { patterns: [shell, mock] }] } },
  {
    files: ['src/lib/shared/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            shell,
            mock,
            {
              group: ['$lib/domain/*', '**/domain/*', '**/routes/*', '$lib/backend/backend'],
              message: 'shared knows neither domain nor views.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/lib/domain/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [shell, mock, { group: ['**/routes/*', '**/routes/**'], message: 'domain does not know views.' }] },
      ],
    },
  },
  { files: ['src/lib/backend/**'], rules: { 'no-restricted-imports': 'off' } },
);
