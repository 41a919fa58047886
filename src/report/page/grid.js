import { html } from './dom.js';

/** Rows beyond the edges of the window that are there already when one scrolls. */
const margin = 8;

/**
 * A grid of any number of rows of one height, of which only those in sight are in the document. The window scrolls it.
 * On paper all rows stand one after another.
 *
 * @template Item
 */
export class Grid {
  /**
   * @param {string} label
   * @param {readonly string[]} columns
   * @param {string} widths of the columns, as in CSS
   * @param {(item: Item) => { link: string, cells: readonly Node[] }} describe the first cell is the row's name, and links to `link`
   */
  constructor(label, columns, widths, describe) {
    this.describe = describe;
    /** @type {readonly Item[]} */
    this.items = [];
    this.active = 0;
    this.isPrinted = false;
    /** @type {Map<number, HTMLElement>} */
    this.rows = new Map();
    this.body = html('div', { role: 'rowgroup', class: 'rows' });
    const heads = columns.map((column) => html('div', { role: 'columnheader' }, column));
    const head = html('div', { role: 'row', class: 'head row', 'aria-rowindex': 1 }, ...heads);
    this.element = html(
      'div',
      {
        role: 'grid',
        class: 'grid',
        'aria-label': label,
        'aria-colcount': columns.length,
        'aria-rowcount': 1,
      },
      html('div', { role: 'rowgroup', class: 'heads' }, head),
      this.body,
    );
    this.element.style.setProperty('--columns', widths);
    this.element.addEventListener('keydown', (event) => this.onKey(event));
    this.body.addEventListener('focusin', (event) => this.activate(indexOf(event.target)));
    this.body.addEventListener('click', (event) => follow(event));
  }

  /** @param {readonly Item[]} items */
  show(items) {
    this.items = items;
    this.active = 0;
    this.element.setAttribute('aria-rowcount', String(items.length + 1));
    this.clear();
    this.update();
  }

  /** Puts the rows in sight into the document and takes the others out. */
  update() {
    if (!this.element.isConnected) return;
    const height = this.rowHeight();
    this.body.style.height = this.isPrinted ? 'auto' : `${this.items.length * height}px`;
    const [from, to] = this.isPrinted ? [0, this.items.length] : this.inSight(height);
    for (const [index, row] of this.rows) {
      const isFocused = row.contains(document.activeElement);
      if ((index >= from && index < to) || isFocused) continue;
      row.remove();
      this.rows.delete(index);
    }
    for (let index = from; index < to; index++) {
      if (!this.rows.has(index)) this.insert(index, height);
    }
    this.setTabStop(Math.min(Math.max(this.active, from), to - 1));
  }

  /** @param {number} height */
  inSight(height) {
    const { top } = this.body.getBoundingClientRect();
    const from = Math.max(0, Math.floor(-top / height) - margin);
    const to = Math.min(this.items.length, Math.ceil((window.innerHeight - top) / height) + margin);
    return /** @type {const} */ ([Math.min(from, this.items.length), Math.max(to, 0)]);
  }

  rowHeight() {
    return Number.parseFloat(getComputedStyle(this.element).getPropertyValue('--row')) || 56;
  }

  /**
   * @param {number} index
   * @param {number} height
   */
  insert(index, height) {
    const item = this.items[index];
    if (item === undefined) return;
    const { link, cells } = this.describe(item);
    const [name, ...others] = cells;
    const anchor = html('a', { href: link, tabindex: -1 }, name);
    const row = html(
      'div',
      { role: 'row', class: 'row', 'aria-rowindex': index + 2, 'data-index': index },
      html('div', { role: 'rowheader' }, anchor),
      ...others.map((cell) => html('div', { role: 'gridcell' }, cell)),
    );
    if (!this.isPrinted) row.style.top = `${index * height}px`;
    const next = [...this.rows].filter(([other]) => other > index).sort(([a], [b]) => a - b)[0];
    this.body.insertBefore(row, next === undefined ? null : next[1]);
    this.rows.set(index, row);
  }

  /** Exactly one row can be reached with the Tab key; the arrows go on from there. @param {number} index */
  setTabStop(index) {
    for (const [other, row] of this.rows)
      row.querySelector('a')?.setAttribute('tabindex', other === index ? '0' : '-1');
  }

  /** @param {number | undefined} index */
  activate(index) {
    if (index === undefined) return;
    this.active = index;
    this.setTabStop(index);
  }

  /** @param {number} index */
  focus(index) {
    if (this.items.length === 0) return;
    const target = Math.min(Math.max(index, 0), this.items.length - 1);
    const height = this.rowHeight();
    const top = this.body.getBoundingClientRect().top + target * height;
    const room = Number.parseFloat(getComputedStyle(this.element).getPropertyValue('--above')) || 0;
    if (top < room) window.scrollBy(0, top - room);
    else if (top + height > window.innerHeight) window.scrollBy(0, top + height - window.innerHeight + 8);
    this.active = target;
    this.update();
    this.rows.get(target)?.querySelector('a')?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(window.innerHeight / this.rowHeight()) - 3);
    const steps = new Map([
      ['ArrowDown', this.active + 1],
      ['ArrowUp', this.active - 1],
      ['PageDown', this.active + page],
      ['PageUp', this.active - page],
      ['Home', 0],
      ['End', this.items.length - 1],
    ]);
    const next = steps.get(event.key);
    if (next === undefined) return;
    event.preventDefault();
    if (next < 0 && event.key === 'ArrowUp')
      this.element.dispatchEvent(new Event('leave', { bubbles: true }));
    else this.focus(next);
  }

  /** @param {boolean} isPrinted */
  print(isPrinted) {
    this.isPrinted = isPrinted;
    this.element.classList.toggle('printed', isPrinted);
    this.clear();
    this.update();
  }

  clear() {
    this.body.replaceChildren();
    this.rows.clear();
  }
}

/** @param {EventTarget | null} target */
function indexOf(target) {
  const row = target instanceof Element ? target.closest('[data-index]') : null;
  return row instanceof HTMLElement ? Number(row.dataset.index) : undefined;
}

/** A click anywhere in a row opens it, unless a text is being selected. @param {MouseEvent} event */
function follow(event) {
  const { target } = event;
  if (!(target instanceof Element) || target.closest('a') || String(window.getSelection()) !== '') return;
  target.closest('[data-index]')?.querySelector('a')?.click();
}
