import '@vscode/codicons/dist/codicon.css';
import './item.css';
import {
  cardFace,
  element,
  icon,
  inColours,
  listening,
  setToolButton,
  speakAs,
  speakAsIs,
  toolButton,
} from './elements';
import { CompareElement } from './compare';
import { FormElement } from './form';
import type { SendFromForm } from './formControl';
import type {
  FileAction,
  FromPage,
  ItemTool,
  PageButton,
  ItemCard,
  PageRow,
  PageSection,
  PageWords,
  RowAction,
  ToPage,
} from '../ui/item/messages';
import type { ToForm } from '../ui/item/formMessages';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const send = (message: FromPage) => vscode.postMessage(message);

/** What is on the page of one value. */
interface RowElement {
  readonly row: PageRow;
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  /** Says how long a revealed value or a code stays. */
  readonly time: HTMLElement;
  readonly revealButton: HTMLButtonElement | undefined;
  ticking?: ReturnType<typeof setInterval> | undefined;
}

let words: PageWords | undefined;
let cardNumber = 0;
let buttons: readonly PageButton[] = [];
let tools: readonly ItemTool[] = [];
let rows: RowElement[] = [];
/** In place of an item: its form, or what was changed in it on both sides. */
let form: FormElement | undefined;
let formNumber = 0;
let formVersion = 0;
let compare: CompareElement | undefined;
/** What a screen reader says when it changes. It stays in the page: one that has just come is not read out. */
const live = element('div', 'live');
live.setAttribute('role', 'status');
document.body.append(live);

/** VS Code takes the focus from a page and gives it back while it opens a view. */
const RETURNS_MS = 30;

window.addEventListener('message', ({ data, origin }: MessageEvent<ToPage>) => {
  // Pages of others can send messages, too.
  if (origin === window.origin) receive(data);
});
document.addEventListener('keydown', onKey);
document.addEventListener('copy', onCopy);
window.addEventListener('blur', () => {
  setTimeout(() => {
    if (!document.hasFocus()) send({ kind: 'left' });
  }, RETURNS_MS);
});
window.addEventListener('focus', () => {
  send({ kind: 'entered' });
  if (document.activeElement === document.body) current()?.element.focus({ preventScroll: true });
});
send({ kind: 'ready' });

function receive(message: ToPage): void {
  switch (message.kind) {
    case 'item':
      showItem(message.card);
      return;
    case 'nothing':
      empty().append(element('p', 'nothing', message.text));
      live.textContent = message.text;
      return;
    case 'revealed':
      reveal(message.key, message.text, message.seconds);
      return;
    case 'hidden':
      for (const row of rows) if (row.row.key === message.key) takeBack(row);
      return;
    case 'said':
      live.textContent = message.text;
      return;
    case 'goTo':
      goTo(message.key);
      return;
    case 'code':
      showCode(message);
      return;
    case 'form':
    case 'news':
    case 'banner':
    case 'focus':
    case 'shown':
    case 'masked':
    case 'saving':
    case 'compare':
      receiveForm(message);
  }
}

const sendFromForm: SendFromForm = (message) => send({ ...message, form: formNumber, version: formVersion });

function receiveForm(message: ToForm): void {
  if (message.kind === 'compare') {
    const main = empty();
    formNumber = message.compare.number;
    formVersion = message.compare.version;
    compare = new CompareElement(message.compare, sendFromForm);
    main.append(compare.all);
    compare.focus();
    return;
  }
  if (message.kind === 'form' && (form === undefined || formNumber !== message.form.number)) {
    const main = empty();
    formNumber = message.form.number;
    form = new FormElement(sendFromForm, (text) => (live.textContent = text));
    main.append(form.all);
  }
  if (message.kind === 'form') formVersion = message.form.version;
  compare?.receive(message);
  form?.receive(message);
}

/** @returns the element of all that is seen. */
function empty(): HTMLElement {
  for (const row of rows) clearInterval(row.ticking);
  rows = [];
  buttons = [];
  tools = [];
  form?.end();
  form = undefined;
  compare = undefined;
  live.textContent = '';
  const main = element('main');
  for (const child of [...document.body.children]) if (child !== live) child.remove();
  document.body.append(main);
  return main;
}

function showItem(card: ItemCard): void {
  const focused = focusedRow()?.row.key;
  const endsForm = form !== undefined || compare !== undefined;
  const main = empty();
  words = card.words;
  cardNumber = card.number;
  buttons = card.actions;
  tools = card.tools;
  const header = element('header', 'title');
  const titles = element('div', 'titles');
  titles.append(element('h1', '', card.title), element('p', 'dim', card.subtitle));
  header.append(icon(card.icon, 'badge'), titles, toolBar(card.tools));
  main.append(header);
  if (card.draft !== undefined) main.append(draftBanner(card.draft));
  if (card.notes.length > 0) main.append(element('p', 'notes', card.notes.join(' · ')));
  if (card.face !== undefined) main.append(cardFace(card.face));
  if (card.actions.length > 0) {
    const actions = element('div', 'actions');
    actions.append(...card.actions.map(actionButton));
    main.append(actions);
  }
  main.append(...card.sections.map(sectionElement));
  if (card.footer.length > 0) main.append(element('footer', 'dim', card.footer.join(' · ')));
  setTabStop(rows.find(({ row }) => row.key !== '' && row.key === focused) ?? rows[0]);
  if (focused !== undefined || (endsForm && document.hasFocus())) current()?.element.focus();
}

/** What is done with the item as a whole. */
function toolBar(tools: readonly ItemTool[]): HTMLElement {
  const all = element('div', 'tools');
  all.append(
    ...tools.map(({ does, icon: name, label, letter }) => {
      const button = listening(element('button', 'tool'), () => send({ kind: 'tool', does, card: cardNumber }));
      button.append(icon(name));
      button.title = letter === undefined ? label : `${label} (${letter})`;
      button.setAttribute('aria-label', label);
      if (letter !== undefined) button.setAttribute('aria-keyshortcuts', letter);
      return button;
    }),
  );
  return all;
}

function draftBanner({ text, goOn, discard }: NonNullable<ItemCard['draft']>): HTMLElement {
  const banner = element('div', 'banner');
  const button = (label: string, does: ItemTool['does']) =>
    listening(element('button', 'link', label), () => send({ kind: 'tool', does, card: cardNumber }));
  banner.append(icon('edit'), element('span', '', text), button(goOn, 'edit'), button(discard, 'discardDraft'));
  return banner;
}

function actionButton({ does, key, label, letter }: PageButton, index: number): HTMLElement {
  const button = element('button', index === 0 ? 'primary' : 'secondary', label);
  const hint = element('kbd', '', letter);
  hint.setAttribute('aria-hidden', 'true');
  button.append(hint);
  button.setAttribute('aria-keyshortcuts', letter);
  button.addEventListener('click', () => sendAct(does, key));
  return button;
}

function sectionElement({ title, rows: ofSection, adds }: PageSection): HTMLElement {
  const section = element('section');
  if (title !== undefined) section.append(element('h2', '', title));
  section.append(...ofSection.map(rowElement));
  if (adds !== undefined) {
    const button = element('button', 'secondary', adds);
    section.append(listening(button, () => send({ kind: 'addFile', card: cardNumber })));
  }
  return section;
}

function rowElement(row: PageRow): HTMLElement {
  const all = element('div', `row${row.isLong ? ' long' : ''}`);
  all.setAttribute('role', 'group');
  all.setAttribute('aria-label', row.label);
  all.tabIndex = -1;
  const value = element('div', 'value');
  value.id = `value-${rows.length}`;
  // It scrolls, which the keys can do only where the focus is.
  if (row.isLong) value.tabIndex = 0;
  all.setAttribute('aria-describedby', value.id);
  const time = element('span', 'dim time');
  const tools = element('div', 'tools');
  const revealButton = row.can.includes('reveal') ? toolButton('eye', word('reveal'), row.label) : undefined;
  const entry: RowElement = { row, element: all, value, time, revealButton };
  if (row.can.includes('open')) {
    tools.append(listening(toolButton('link-external', word('open'), row.label), () => act('open', entry)));
  }
  if (revealButton !== undefined) tools.append(listening(revealButton, () => toggle(entry)));
  if (row.can.includes('copy')) {
    tools.append(listening(toolButton('copy', word('copy'), row.label), () => act('copy', entry)));
  }
  for (const does of Object.keys(fileIcons) as FileAction[]) {
    if (!row.can.includes(does)) continue;
    tools.append(listening(toolButton(fileIcons[does], word(does), row.label), () => act(does, entry)));
  }
  const label = element('div', 'label', row.label);
  all.append(label, time, value, tools);
  all.addEventListener('focusin', () => setTabStop(entry));
  hide(entry);
  rows.push(entry);
  return all;
}

const fileIcons: Readonly<Record<FileAction, string>> = {
  openFile: 'go-to-file',
  saveFile: 'save-as',
  deleteFile: 'trash',
};

/** Shows the row as it is when nothing of it is revealed. */
function hide(entry: RowElement): void {
  const { row, value, time } = entry;
  clearInterval(entry.ticking);
  entry.ticking = undefined;
  value.textContent = row.text ?? '••••••••';
  value.className = 'value';
  if (row.text === undefined) speakAs(value, word('masked'));
  else speakAsIs(value);
  time.textContent = '';
  time.removeAttribute('aria-hidden');
  entry.element.setAttribute('aria-label', row.label);
  setRevealButton(entry, 'eye', word('reveal'));
}

/** Hides what was revealed, and says so in the place of it. */
function takeBack(entry: RowElement): void {
  const wasRevealed = entry.value.classList.contains('revealed');
  hide(entry);
  if (wasRevealed) live.textContent = `${entry.row.label}, ${word('masked')}`;
}

function goTo(key: string): void {
  const entry = rows.find(({ row }) => row.key === key);
  if (entry === undefined) return;
  entry.element.focus();
  if (!entry.value.classList.contains('revealed')) toggle(entry);
}

function setRevealButton({ row, revealButton }: RowElement, iconName: string, title: string): void {
  if (revealButton !== undefined) setToolButton(revealButton, iconName, title, row.label);
}

function reveal(key: string, text: string, seconds: number): void {
  const entry = rows.find(({ row }) => row.key === key);
  if (entry === undefined) return;
  const { value, time } = entry;
  clearInterval(entry.ticking);
  value.replaceChildren(...inColours(text));
  value.className = 'value revealed';
  speakAsIs(value);
  setRevealButton(entry, 'eye-closed', word('hide'));
  live.textContent = text;
  countDown(entry, seconds, (left) => (time.textContent = fill('hidesIn', left)));
}

function showCode({ key, text, next, seconds, period }: Extract<ToPage, { kind: 'code' }>): void {
  const entry = rows.find(({ row }) => row.key === key);
  if (entry === undefined) return;
  const { value, time, element: all } = entry;
  clearInterval(entry.ticking);
  const middle = Math.ceil(text.length / 2);
  value.replaceChildren(element('span', '', text.slice(0, middle)), element('span', '', text.slice(middle)));
  value.className = 'value code';
  // A screen reader hears the code and how long one is good, and not how its seconds go by.
  speakAsIs(value);
  all.setAttribute('aria-label', `${entry.row.label}, ${fill('renews', period)}`);
  time.setAttribute('aria-hidden', 'true');
  countDown(entry, seconds, (left) => {
    time.textContent = left <= 5 ? fill('nextIn', next, left) : fill('goodFor', left);
    all.style.setProperty('--left', String(left / period));
    all.classList.toggle('ending', left <= 5);
  });
}

/** Hides what is shown when its time is over, whether or not the extension is still there, also after a sleep. */
function countDown(entry: RowElement, seconds: number, show: (left: number) => void): void {
  const end = Date.now() + seconds * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    if (left > 0) show(left);
    else takeBack(entry);
  };
  entry.ticking = setInterval(tick, 1000);
  tick();
}

/** Ctrl+K was pressed: VS Code takes the next key for the end of a chord. */
let inChord = false;

function onKey(event: KeyboardEvent): void {
  const shown = form ?? compare;
  if (shown !== undefined) {
    shown.onKey(event);
    return;
  }
  if (event.key === 'Escape') {
    send({ kind: 'back' });
    return;
  }
  const isModified = event.ctrlKey || event.metaKey || event.altKey;
  const endsChord = inChord;
  if (!/^(Control|Meta|Alt|Shift)$/.test(event.key)) inChord = isModified && event.key.toLowerCase() === 'k';
  // Without a selection there is no copy event.
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'c') copyFocusedRow();
  if (isModified || endsChord || (event.repeat && !event.key.startsWith('Arrow'))) return;
  const entry = current();
  switch (event.key) {
    case 'ArrowDown':
    case 'ArrowUp':
      move(event.key === 'ArrowDown' ? 1 : -1);
      break;
    case 'Home':
    case 'End':
      (event.key === 'Home' ? rows[0] : rows.at(-1))?.element.focus();
      break;
    case ' ':
      if (entry?.element !== document.activeElement) return;
      toggle(entry);
      break;
    default: {
      const tool = tools.find(({ letter }) => letter?.toLowerCase() === event.key.toLowerCase());
      if (tool !== undefined) {
        send({ kind: 'tool', does: tool.does, card: cardNumber });
        break;
      }
      const does = letters[event.key.toLowerCase()];
      if (does === undefined) return;
      const focused = focusedRow();
      const button = buttons.find((each) => each.does === does);
      if (focused?.row.can.includes(does) === true) act(does, focused);
      else if (focused === undefined && button !== undefined) sendAct(does, button.key);
    }
  }
  event.preventDefault();
}

/** Those that the buttons show. */
const letters: Readonly<Record<string, PageButton['does']>> = { c: 'copy', o: 'open' };

function copyFocusedRow(): void {
  const focused = document.getSelection()?.isCollapsed === false ? undefined : focusedRow();
  if (focused?.row.can.includes('copy') === true) act('copy', focused);
}

/**
 * Notes that were copied from the page would stay on the clipboard: the extension copies them, and clears them again. What
 * is revealed cannot be selected.
 */
function onCopy(event: ClipboardEvent): void {
  const selection = document.getSelection();
  if (selection === null || selection.isCollapsed) return;
  const entry = rows.find(({ row, value }) => row.isLong && selection.containsNode(value, true));
  if (entry === undefined) return;
  event.preventDefault();
  if (entry.row.can.includes('copy')) sendAct('copy', entry.row.key, selection.toString());
}

function toggle(entry: RowElement): void {
  if (!entry.row.can.includes('reveal')) return;
  if (!entry.value.classList.contains('revealed')) {
    act('reveal', entry);
    return;
  }
  takeBack(entry);
  send({ kind: 'hide', key: entry.row.key });
}

function act(does: RowAction, { row }: RowElement): void {
  sendAct(does, row.key);
}

function sendAct(does: RowAction, key: string, part?: string): void {
  send({ kind: 'act', does, key, card: cardNumber, part });
}

/** One row, with its buttons, is in the order of the Tab key; the arrow keys go from row to row. */
function setTabStop(entry: RowElement | undefined): void {
  for (const each of rows) {
    const tabIndex = each === entry ? 0 : -1;
    each.element.tabIndex = tabIndex;
    for (const button of each.element.querySelectorAll('button')) button.tabIndex = tabIndex;
  }
}

function current(): RowElement | undefined {
  return rows.find(({ element: each }) => each.tabIndex === 0);
}

function focusedRow(): RowElement | undefined {
  return rows.find(({ element: each }) => each.contains(document.activeElement));
}

/** Scrolls a long text to its end first. */
function move(step: 1 | -1): void {
  const focused = focusedRow();
  if (focused !== undefined && scrolls(focused.value, step)) return;
  const next = focused === undefined ? current() : rows[rows.indexOf(focused) + step];
  next?.element.focus();
}

function scrolls(text: HTMLElement, step: 1 | -1): boolean {
  const before = text.scrollTop;
  text.scrollBy(0, step * 60);
  return text.scrollTop !== before;
}

function word(name: Exclude<keyof PageWords, Filled>): string {
  return words?.[name] ?? '';
}

/** Those with places for values. */
type Filled = 'hidesIn' | 'goodFor' | 'renews' | 'nextIn';

function fill(name: Filled, ...values: readonly (string | number)[]): string {
  return (words?.[name] ?? '').replace(/\{(\d)\}/g, (_, at: string) => String(values[Number(at)] ?? ''));
}
