import { parse, SourceText } from '../../spec/index.js'

/** Templates of designs: whole models, of which another name makes a scaffold. */

/** What a template says it is a model of: the line `// design` of its head. */
export const templateTitle = (template: string): string =>
  /^\/\/ design +(.*)$/m.exec(template)?.[1] ?? ''

/** The template as the model of that name, or null when no model can be called so. */
export function scaffoldOf(template: string, name: string): string | null {
  const text = template.replace(/^model [\w-]+;$/m, () => `model ${name};`)
  const { result } = parse(new SourceText(`${name}.gmem`, text))
  const declared = result?.declarations.find(({ kind }) => kind === 'model')
  return declared?.kind === 'model' && declared.name.text === name ? text : null
}
