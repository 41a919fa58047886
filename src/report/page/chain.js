import { boxesOf } from './boxes.js';
import { svg } from './dom.js';

/** @typedef {import('./boxes.js').Box} Box */
/** @typedef {{ x: number, y: number, height: number }} Place */

const padding = 14;
const lineHeight = 18;
const chipHeight = 24;
const gap = 40;
const between = 18;
/** The narrowest window in which the picture goes from left to right. */
const widePicture = 900;
const widestBox = 260;
/** How far down a column begins at most: what is beside many secrets stays at the top. */
const lowest = 120;

/**
 * The way from a namespace to its secrets as a picture: from left to right, or from top to bottom where it is narrow.
 *
 * @param {import('./decode.js').Report} report
 * @param {import('./decode.js').Service} service
 * @param {import('./decode.js').Store} store
 * @param {number} width in pixels
 */
export function chain(report, service, store, width) {
  const columns = boxesOf(report, service, store);
  return width >= widePicture ? inColumns(columns, width - 2) : inOneColumn(columns, width - 2);
}

/**
 * @param {Box[][]} columns
 * @param {number} width
 */
function inColumns(columns, width) {
  const count = columns.length;
  const column = Math.floor(Math.min((width - gap * (count - 1)) / count, widestBox));
  const heights = columns.map((boxes) => boxes.reduce((sum, box) => sum + heightOf(box) + between, -between));
  const height = Math.max(...heights);
  const places = columns.map((boxes, at) => {
    let y = Math.round(Math.min((height - (heights[at] ?? 0)) / 2, lowest));
    return boxes.map((box) => {
      const place = { x: at * (column + gap), y, height: heightOf(box) };
      y += place.height + between;
      return place;
    });
  });
  const at = (/** @type {number} */ x, /** @type {number} */ y) => /** @type {Place} */ (places[x]?.[y]);
  const lines = columns.flatMap((boxes, x) =>
    boxes.flatMap((box, y) =>
      linesFrom(box, at(x, y), x < 2 ? at(x, y + 1) : undefined, places[x + 1] ?? [], column),
    ),
  );
  const drawn = columns.flatMap((boxes, x) => boxes.map((box, y) => drawBox(box, at(x, y), column)));
  return picture(columns, column * count + gap * (count - 1), height, [...lines, ...drawn]);
}

/**
 * @param {Box} box
 * @param {Place} place
 * @param {Place | undefined} below the box to which the way goes on in the same column
 * @param {readonly Place[]} next the next column
 * @param {number} column
 */
function linesFrom({ leadsTo = [0] }, place, below, next, column) {
  if (below !== undefined)
    return [arrow(`M${place.x + column / 2} ${place.y + place.height}V${below.y - 1}`)];
  return leadsTo.flatMap((at) => {
    const other = next[at];
    if (other === undefined) return [];
    const [x, y] = [place.x + column, place.y + place.height / 2];
    const [endX, endY] = [other.x - 1, other.y + other.height / 2];
    return [arrow(`M${x} ${y}C${x + gap * 0.6} ${y} ${endX - gap * 0.6} ${endY} ${endX} ${endY}`)];
  });
}

/**
 * @param {Box[][]} columns
 * @param {number} width
 */
function inOneColumn(columns, width) {
  const column = Math.min(width, 420);
  let y = 0;
  const drawn = columns.flatMap((boxes, at) =>
    boxes.flatMap((box, index) => {
      const isStep = y > 0 && (at < 2 || index === 0);
      const line = isStep ? [arrow(`M${column / 2} ${y - between}V${y - 1}`)] : [];
      const element = drawBox(box, { x: 0, y, height: heightOf(box) }, column);
      y += heightOf(box) + between;
      return [...line, element];
    }),
  );
  return picture(columns, column, y - between, drawn);
}

/**
 * @param {Box[][]} columns
 * @param {number} width
 * @param {number} height
 * @param {Element[]} drawn
 */
function picture(columns, width, height, drawn) {
  const words = columns
    .flat()
    .map(({ kind, name, tags = [] }) => `${kind} ${name}${tags.map(({ text }) => `, ${text}`).join('')}`);
  const [w, h] = [Math.ceil(width) + 2, Math.ceil(height) + 2];
  return svg(
    'svg',
    {
      class: 'chain',
      role: 'img',
      'aria-label': words.join(' → '),
      viewBox: `-1 -1 ${w} ${h}`,
      width: w,
      height: h,
    },
    ...drawn,
  );
}

/** A line with a point at its end, which is drawn level or down, as the line arrives. @param {string} d */
function arrow(d) {
  const [x = 0, y = 0] = d.includes('V')
    ? [Number(/M([\d.]+)/.exec(d)?.[1]), Number(/V([\d.]+)/.exec(d)?.[1])]
    : d.split(' ').slice(-2).map(Number);
  const point = d.includes('V')
    ? `M${x - 4} ${y - 6}L${x} ${y}L${x + 4} ${y - 6}`
    : `M${x - 6} ${y - 4}L${x} ${y}L${x - 6} ${y + 4}`;
  return svg('path', { class: 'line', d: d + point });
}

/** @param {Box} box */
function heightOf({ lines = [], tags = [] }) {
  const ofTags = tags.length > 0 ? tags.length * chipHeight + 4 : 0;
  return padding * 2 + 34 + lines.length * lineHeight + ofTags;
}

/**
 * @param {Box} box
 * @param {Place} place
 * @param {number} width
 */
function drawBox({ kind, name, full = name, lines = [], tags = [], isBroken }, { x, y, height }, width) {
  const left = x + padding;
  const inner = width - padding * 2;
  const text = (/** @type {Font} */ what, /** @type {number} */ at, /** @type {string} */ line) =>
    svg('text', { class: what, x: left, y: y + at }, fitted(line, inner, what).text);
  const below = padding + 30;
  const parts = [
    text('kind', padding + 9, kind),
    text('name', below, name),
    ...lines.map((line, index) => text('note', below + (index + 1) * lineHeight, line)),
  ];
  const first = below + lines.length * lineHeight + 9;
  for (const [index, tag] of tags.entries())
    parts.push(drawTag(tag, left, y + first + index * chipHeight, inner));
  const tooltip = svg('title', {}, [full, ...tags.map((tag) => tag.text)].join('\n'));
  return svg(
    'g',
    {},
    tooltip,
    svg('rect', { class: isBroken ? 'box broken' : 'box', x, y, width, height, rx: 8 }),
    ...parts,
  );
}

/**
 * @param {import('./boxes.js').Label} tag
 * @param {number} x
 * @param {number} y
 * @param {number} width
 */
function drawTag({ text, isIdentity }, x, y, width) {
  const more = isIdentity ? ' identity' : '';
  const shown = fitted(text, width - 16, 'tagtext');
  return svg(
    'g',
    {},
    svg('rect', { class: `tag${more}`, x, y, width: shown.width + 16, height: 20, rx: 4 }),
    svg('text', { class: `tagtext${more}`, x: x + 8, y: y + 14 }, shown.text),
  );
}

/** @typedef {'kind' | 'name' | 'note' | 'tagtext'} Font */

const fonts = {
  kind: '11.5px --sans',
  name: '600 13.5px --sans',
  note: '12.5px --sans',
  tagtext: '11.5px --mono',
};
const measuring = document.createElement('canvas').getContext('2d');

/**
 * As much of a text as there is room for, and how wide that is.
 *
 * @param {string} text
 * @param {number} width
 * @param {Font} font
 */
function fitted(text, width, font) {
  const style = getComputedStyle(document.documentElement);
  const widthOf = (/** @type {string} */ part) => {
    if (measuring === null) return part.length * 7;
    measuring.font = fonts[font].replace(/--\w+/, (family) => style.getPropertyValue(family));
    return measuring.measureText(part).width;
  };
  if (widthOf(text) <= width) return { text, width: widthOf(text) };
  // Names that are alike differ at their ends more often than in the middle.
  const cut = (/** @type {number} */ count) => {
    const head = Math.ceil(count * 0.4);
    return `${text.slice(0, head)}…${text.slice(text.length - (count - head))}`;
  };
  let [fits, tooLong] = [1, text.length];
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (widthOf(cut(middle)) <= width) fits = middle;
    else tooLong = middle;
  }
  const shown = cut(fits);
  return { text: shown, width: widthOf(shown) };
}
