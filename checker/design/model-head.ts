/** What the comment at the head of a model says, by the word an entry begins with: `// question  Can …?`. */
export function headEntry(text: string, word: 'question' | 'kernel'): string {
  const entry = new RegExp(`^// ${word} +((?:.*\\n)(?://  {4,}.*\\n)*)`, 'm').exec(text)?.[1] ?? ''
  return entry
    .replaceAll(/^\/\/ /gm, '')
    .trim()
    .replaceAll(/\s+/g, ' ')
}
