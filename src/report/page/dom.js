const svgNamespace = 'http://www.w3.org/2000/svg';

/**
 * An element. Texts among its children become text nodes, so that nothing of the data is ever read as HTML.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | undefined>} attributes those that are undefined or false are left out
 * @param {...(Node | string | undefined)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function html(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  return /** @type {HTMLElementTagNameMap[Name]} */ (filled(element, attributes, children));
}

/**
 * The same, for an element of SVG.
 *
 * @param {string} name
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {...(Node | string | undefined)} children
 */
export function svg(name, attributes = {}, ...children) {
  return filled(document.createElementNS(svgNamespace, name), attributes, children);
}

/**
 * @param {Element} element
 * @param {Record<string, string | number | boolean | undefined>} attributes
 * @param {readonly (Node | string | undefined)[]} children
 */
function filled(element, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false)
      element.setAttribute(key, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/**
 * A count with its word: "1 secret", "2,000 secrets".
 *
 * @param {number} count
 * @param {string} word
 */
export function counted(count, word) {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`;
}

/** @param {number} value */
export function number(value) {
  return value.toLocaleString('en-US');
}

/**
 * A tag of a session or a secret.
 *
 * @param {{ key: string, value: string }} tag
 * @param {boolean} isIdentity
 */
export function chip({ key, value }, isIdentity) {
  const text = html('bdi', {}, value);
  return html(
    'span',
    { class: isIdentity ? 'chip identity' : 'chip' },
    html('span', { class: 'key' }, `${key}=`),
    text,
  );
}

/**
 * A mark that says in colour and form how something stands. It is beside words that say the same.
 *
 * @param {'good' | 'bad' | 'warn'} kind
 */
export function mark(kind) {
  const path = { good: 'M4 8.5l2.7 2.7L12 5.5', bad: 'M5 5l6 6M11 5l-6 6', warn: 'M8 4v5M8 11.5v.5' }[kind];
  return svg(
    'svg',
    { class: `mark ${kind}`, viewBox: '0 0 16 16', 'aria-hidden': 'true' },
    svg('circle', { cx: 8, cy: 8, r: 8 }),
    svg('path', { d: path }),
  );
}

/**
 * The name at the end of an ARN, which is shown where the whole is too long.
 *
 * @param {string} arn
 */
export function shortArn(arn) {
  return arn.startsWith('arn:') ? (arn.split(/[/:]/).at(-1) ?? arn) : arn;
}

/**
 * A table.
 *
 * @param {string} caption
 * @param {readonly string[]} head
 * @param {readonly (readonly (Node | string)[])[]} rows
 */
export function table(caption, head, rows) {
  const headings = head.map((text) => html('th', { scope: 'col' }, text));
  const body = rows.map((cells) => html('tr', {}, ...cells.map(tableCell)));
  return html(
    'div',
    { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption },
    html(
      'table',
      {},
      html('caption', { class: 'hidden' }, caption),
      html('thead', {}, html('tr', {}, ...headings)),
      html('tbody', {}, ...body),
    ),
  );
}

/** A short text stays on one line. @param {Node | string} content */
function tableCell(content) {
  const isShort = typeof content === 'string' && content.length <= 24;
  return html('td', { class: isShort ? 'plain' : undefined }, content);
}

/** @param {string} title @param {...(Node | undefined)} content */
export function page(title, ...content) {
  return html('article', {}, html('h2', { tabindex: -1 }, title), ...content);
}

/** @param {string} message */
export function notFound(message) {
  return page(
    'Not found',
    html('p', {}, message),
    html('p', {}, html('a', { href: '#/services' }, 'All services')),
  );
}
