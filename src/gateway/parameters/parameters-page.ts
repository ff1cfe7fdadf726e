import type { PublicParameters, PublicSurface } from './describe-parameters';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
/** Text in which `…` is code. */
const prose = (text: string): string => escaped(text).replace(/`([^`]*)`/g, '<code>$1</code>');
const listOf = (texts: readonly string[]): string => `<ul>${texts.map((text) => `<li>${prose(text)}</li>`).join('')}</ul>`;
const row = (cells: readonly string[], tag = 'td'): string => `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table border="1">${row(head, 'th')}${rows.map((cells) => row(cells)).join('')}</table>`;

/** The main parameters for people: a page without styles or scripts. */
export function parametersPage({ tenant, version, how, surfaces, behaviours, interestsFade, options }: PublicParameters): string {
  const title = `How recommendations are made: ${escaped(tenant)}`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1>`,
    `<p>Main parameters as they are set now, version <code>${escaped(version)}</code>. For machines: <a href="/parameters.json?tenant=${encodeURIComponent(tenant)}">JSON</a>.</p>`,
    listOf(how),
    `<h2>What you can do</h2>${listOf(options)}`,
    ...surfaces.map(surfaceSection),
    '<h2>What behaviour says</h2><p>On one scale; below 0: against the item.</p>',
    table(
      ['behaviour', 'strength'],
      behaviours.map(({ type, strength }) => [`<code>${escaped(type)}</code>`, String(strength)]),
    ),
    `<p>Short-term interests count half after ${interestsFade.shortTermHours} hours, long-term ones after ${interestsFade.longTermHours}.</p>`,
    '</body></html>',
  ].join('\n');
}

const surfaceSection = ({ name, parameters }: PublicSurface): string =>
  `<h2>Surface <code>${escaped(name)}</code></h2>` +
  table(
    ['parameter', 'set to', 'what it means'],
    parameters.map((one) => [
      `<code>${escaped(one.name)}</code>`,
      `<code>${escaped(JSON.stringify(one.value))}</code>`,
      prose(one.meaning),
    ]),
  );
