import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { precompress } from './precompress.ts'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Two pages that share what they can. Everything they load lies below `account/assets/`, wherever they are served. */
export default defineConfig({
  root: at('.'),
  base: './',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // What was built before may be read at the moment: the build's script replaces it, file by file.
    write: false,
    assetsDir: 'account/assets',
    // What a policy without `data:` scripts and inline styles lets through.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    license: { fileName: 'licences.md' },
    rollupOptions: {
      input: [at('account/index.html'), at('admin/index.html')],
      // The whole of cropperjs defines all its elements; two of them are used.
      treeshake: { moduleSideEffects: (id) => !/node_modules\/(?:cropperjs|@cropper)\//.test(id) }
    }
  },
  plugins: [precompress()]
})
