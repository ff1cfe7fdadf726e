/**
 * The links of a Markdown page that lead nowhere: `[{ line, link, why }]`, in the order of the page.
 * Looks at relative links, images and anchors; not at addresses on the net, which fail for reasons of their own.
 * @param exists whether a path, relative to the page, is there
 * @param read the text of such a path, or undefined; '' is the page itself
 */
export function brokenLinks(text, { exists, read }) {
  return linksOf(text).flatMap(({ line, link }) => {
    if (/^[a-z][a-z0-9+.-]*:|^\/\//i.test(link)) return [];
    const [path, anchor] = splitAnchor(link);
    if (path !== '' && !exists(path)) return [{ line, link, why: 'no such file' }];
    if (anchor === undefined || anchor === '' || (path !== '' && !path.endsWith('.md'))) return [];
    return anchorsOf(read(path) ?? '').has(anchor) ? [] : [{ line, link, why: `no heading #${anchor}` }];
  });
}

/** Targets of `[text](target "title")`, `![alt](target)` and `[name]: target`, outside code. */
export function linksOf(text) {
  return proseLines(text).flatMap(({ line, content }) => {
    const inline = [...content.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+["'][^)]*)?\)/g)].map(([, link]) => ({ line, link }));
    const reference = /^\s{0,3}\[[^\]^]+\]:\s+<?(\S+?)>?(\s|$)/.exec(content);
    return reference ? [...inline, { line, link: reference[1] }] : inline;
  });
}

/** The anchors that GitHub gives the headings of a page: lower case, no punctuation, a number where a heading repeats. */
export function anchorsOf(text) {
  const anchors = new Set();
  const seen = new Map();
  for (const { content } of proseLines(text, { keepCodeSpans: true })) {
    for (const [, id] of content.matchAll(/<a\s+(?:id|name)="([^"]+)"/g)) anchors.add(id);
    const heading = /^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$/.exec(content);
    if (!heading) continue;
    const plain = heading[1].replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');
    const slug = plain
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replace(/ /g, '-');
    const repeat = seen.get(slug) ?? 0;
    seen.set(slug, repeat + 1);
    anchors.add(repeat === 0 ? slug : `${slug}-${repeat}`);
  }
  return anchors;
}

function splitAnchor(link) {
  const at = link.indexOf('#');
  const [path, anchor] = at < 0 ? [link, undefined] : [link.slice(0, at), link.slice(at + 1)];
  return [decodeURI(path.split('?')[0]), anchor === undefined ? undefined : decodeURIComponent(anchor).toLowerCase()];
}

/** Lines that are not in a fenced block; code spans are blanked, for what looks like a link there is none. */
function proseLines(text, { keepCodeSpans = false } = {}) {
  let fence;
  return text.split('\n').flatMap((content, index) => {
    const mark = /^\s*(`{3,}|~{3,})/.exec(content)?.[1];
    if (fence === undefined && mark) {
      fence = mark;
      return [];
    }
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
      return [];
    }
    return [{ line: index + 1, content: keepCodeSpans ? content : content.replace(/(`+)(?!`).*?\1/g, '') }];
  });
}
