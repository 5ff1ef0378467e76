/**
 * Bundles what `--html` writes into one file, build/viewer.html, with places for the title and the data. The page may
 * load nothing and run nothing but the script whose hash it names, and its browser sees to that.
 */
import { createHash } from 'node:crypto'
import * as fs from 'node:fs'
import * as esbuild from 'esbuild'

const TARGET = ['chrome111', 'firefox113', 'safari16.4']

/** Writes build/viewer.html; the types of its sources are checked elsewhere. */
export async function storeViewer(root) {
  const bundle = async (entry) => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [`${root}viewer/${entry}`],
      bundle: true,
      minify: true,
      write: false,
      format: 'iife',
      target: TARGET,
      charset: 'utf8',
      legalComments: 'none',
      jsx: 'automatic',
      jsxImportSource: 'preact',
      logLevel: 'warning',
    })
    return outputFiles[0].text.trim()
  }
  const [script, style] = await Promise.all([bundle('main.tsx'), bundle('style.css')])
  fs.writeFileSync(`${root}build/viewer.html`, pageOf(script, style))
}

/** The comments are the places that checker/page/html.ts fills. */
const pageOf = (script, style) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyFor(script, style)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><!--title--></title>
<style>${style}</style>
</head>
<body>
<noscript><pre><!--text--></pre></noscript>
<script type="application/json" id="page">/*data*/</script>
<script>${script}</script>
</body>
</html>
`

/** Nothing is allowed but this script and this style. */
function policyFor(script, style) {
  const allow = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return [
    "default-src 'none'",
    `script-src ${allow(script)}`,
    `style-src ${allow(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
