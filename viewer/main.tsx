import { render } from 'preact'
import type { PageDocument } from '../checker/page/document.ts'
import { App } from './app.tsx'

/** The data was written into the page as text that no browser runs. */
const data = document.getElementById('page')?.textContent ?? ''
render(<App page={JSON.parse(data) as PageDocument} />, document.body)
