import { decode } from './decode.js';
import { secretPage, servicePage } from './details.js';
import { html, notFound } from './dom.js';
import { assumptionsPage, attacksPage, findingsPage, guardsPage } from './judged.js';
import { ListView } from './lists.js';
import { navigation, verdict } from './overview.js';

const report = decode(document.getElementById('data')?.textContent ?? '{}');
const top = /** @type {HTMLElement} */ (document.getElementById('top'));
const main = /** @type {HTMLElement} */ (document.getElementById('main'));
const lists = { services: new ListView(report, 'services'), secrets: new ListView(report, 'secrets') };
/** @type {ListView | undefined} */
let list;
let lastList = '#/services';
let scrolled = 0;
/** Whether the search gets the focus once the list is there. */
let isSearchNext = false;

const views = new Map([
  ['findings', findingsPage],
  ['guards', guardsPage],
  ['attacks', attacksPage],
  ['assumptions', assumptionsPage],
]);

function route() {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', ...names] = path.split('/').map(decoded);
  const isFirst = main.dataset.view === undefined;
  const before = list;
  if (list !== undefined) scrolled = window.scrollY;
  list = view === '' || view === 'services' ? lists.services : view === 'secrets' ? lists.secrets : undefined;
  main.dataset.view = view || 'services';
  top.replaceChildren(html('h1', {}, 'Who can read which secret'), navigation(report, sectionOf(view)));
  if (list !== undefined) showList(list, query, before === undefined && location.hash === lastList);
  else {
    main.replaceChildren(pageFor(view, names));
    window.scrollTo(0, 0);
    if (!isFirst) main.querySelector('h2')?.focus({ preventScroll: true });
  }
}

/**
 * @param {ListView} shown
 * @param {string} query
 * @param {boolean} isBack
 */
function showList(shown, query, isBack) {
  const { active } = shown.grid;
  main.replaceChildren(verdict(report), shown.element);
  shown.open(new URLSearchParams(query));
  if (isSearchNext) {
    isSearchNext = false;
    shown.search.focus();
  } else if (isBack) {
    window.scrollTo(0, scrolled);
    shown.grid.focus(active);
  }
}

/** @param {string} view @param {readonly string[]} names */
function pageFor(view, [first = '', second]) {
  if (view === 'service') return servicePage(report, first, second, contentWidth());
  if (view === 'secret') return secretPage(report, first, second ?? '');
  return views.get(view)?.(report) ?? notFound(`There is no view “${view}”.`);
}

/** How wide what stands in `main` may be. */
function contentWidth() {
  const { paddingLeft, paddingRight } = getComputedStyle(main);
  return main.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
}

/** @param {string} view */
function sectionOf(view) {
  if (view === '' || view === 'service') return 'services';
  return view === 'secret' ? 'secrets' : view;
}

/** A name of an address; one that is not well-formed stays as it is. @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const isTyping = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  if (event.key === '/') {
    event.preventDefault();
    if (list !== undefined) list.search.focus();
    else {
      isSearchNext = true;
      location.hash = lastList;
    }
  } else if (event.key === 'Escape' && list === undefined) location.hash = lastList;
}

/** @param {boolean} isPrinted */
function print(isPrinted) {
  list?.grid.print(isPrinted);
}

let isWaiting = false;
function onScroll() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    list?.grid.update();
  });
}

let width = contentWidth();
function onResize() {
  onScroll();
  if (list === undefined && contentWidth() !== width) route();
  width = contentWidth();
}

window.addEventListener('hashchange', (event) => {
  const old = new URL(event.oldURL).hash;
  if (/^#\/(services|secrets)(\?|$)/.test(old)) lastList = old;
  route();
});
window.addEventListener('scroll', onScroll, { passive: true });
window.addEventListener('resize', onResize);
window.addEventListener('beforeprint', () => print(true));
window.addEventListener('afterprint', () => print(false));
matchMedia('print').addEventListener('change', ({ matches }) => print(matches));
document.addEventListener('keydown', onKey);
document.getElementById('skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
route();
