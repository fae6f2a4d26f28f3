import '@vscode/codicons/dist/codicon.css';
import './item.css';
import type { FromPage, ItemButton, ItemCard, ItemRow, ItemSection, PageWords, ToPage } from '../ui/item/messages';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const vscode = acquireVsCodeApi();
const send = (message: FromPage) => vscode.postMessage(message);

/** What is on the page of one value. */
interface RowElement {
  readonly row: ItemRow;
  readonly element: HTMLElement;
  readonly value: HTMLElement;
  /** Says how long a revealed value or a code stays. */
  readonly time: HTMLElement;
  readonly revealButton: HTMLButtonElement | undefined;
  ticking?: ReturnType<typeof setInterval> | undefined;
}

let words: PageWords | undefined;
let cardNumber = 0;
let buttons: readonly ItemButton[] = [];
let rows: RowElement[] = [];
let live: HTMLElement;

window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => receive(data));
document.addEventListener('keydown', onKey);
document.addEventListener('copy', onCopy);
window.addEventListener('blur', () => send({ kind: 'left' }));
window.addEventListener('focus', () => {
  if (focusedRow() === undefined) current()?.element.focus({ preventScroll: true });
});
send({ kind: 'ready' });

function receive(message: ToPage): void {
  switch (message.kind) {
    case 'item':
      showItem(message.card);
      return;
    case 'nothing':
      empty();
      document.body.append(element('p', 'nothing', message.text));
      return;
    case 'revealed':
      reveal(message.key, message.text, message.seconds);
      return;
    case 'hidden':
      for (const row of rows) if (message.key === undefined || row.row.key === message.key) hide(row);
      return;
    case 'code':
      showCode(message.key, message.text, message.seconds, message.period);
      return;
    case 'said':
      live.textContent = message.text;
  }
}

function empty(): void {
  for (const row of rows) clearInterval(row.ticking);
  rows = [];
  buttons = [];
  live = element('div', 'live');
  live.setAttribute('role', 'status');
  document.body.replaceChildren(live);
}

function showItem(card: ItemCard): void {
  const focused = focusedRow()?.row.key;
  empty();
  words = card.words;
  cardNumber = card.number;
  buttons = card.actions;
  const header = element('header', 'title');
  const titles = element('div', 'titles');
  titles.append(element('h1', '', card.title), element('p', 'dim', card.subtitle));
  header.append(icon(card.icon, 'badge'), titles);
  document.body.append(header);
  if (card.notes.length > 0) document.body.append(element('p', 'notes', card.notes.join(' · ')));
  if (card.card !== undefined) document.body.append(cardFace(card.card));
  if (card.actions.length > 0) {
    const actions = element('div', 'actions');
    actions.append(...card.actions.map(actionButton));
    document.body.append(actions);
  }
  document.body.append(...card.sections.map(sectionElement));
  if (card.footer.length > 0) document.body.append(element('footer', 'dim', card.footer.join(' · ')));
  setTabStop(rows.find(({ row }) => row.key !== '' && row.key === focused) ?? rows[0]);
  if (focused !== undefined) current()?.element.focus();
}

function cardFace({ brand, number, holder, expires }: NonNullable<ItemCard['card']>): HTMLElement {
  const face = element('div', 'card');
  const line = (...texts: string[]) => {
    const part = element('div', 'line');
    part.append(...texts.map((text) => element('span', '', text)));
    return part;
  };
  face.append(line(brand, expires), element('div', 'number', number), line(holder));
  return face;
}

function actionButton({ does, key, label, letter }: ItemButton, index: number): HTMLElement {
  const button = element('button', index === 0 ? 'primary' : 'secondary', label);
  const hint = element('kbd', '', letter);
  hint.setAttribute('aria-hidden', 'true');
  button.append(hint);
  button.setAttribute('aria-keyshortcuts', letter);
  button.addEventListener('click', () => send({ kind: 'act', does, key, card: cardNumber }));
  return button;
}

function sectionElement({ title, rows: ofSection }: ItemSection): HTMLElement {
  const section = element('section');
  if (title !== undefined) section.append(element('h2', '', title));
  section.append(...ofSection.map(rowElement));
  return section;
}

function rowElement(row: ItemRow): HTMLElement {
  const all = element('div', `row${row.isLong ? ' long' : ''}`);
  all.setAttribute('role', 'group');
  all.setAttribute('aria-label', row.label);
  all.tabIndex = -1;
  const value = element('div', 'value');
  value.id = `value-${rows.length}`;
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
  const label = element('div', 'label', row.label);
  all.append(label, time, value, tools);
  all.addEventListener('focusin', () => setTabStop(entry));
  hide(entry);
  rows.push(entry);
  return all;
}

/** Shows the row as it is when nothing of it is revealed. */
function hide(entry: RowElement): void {
  const { row, value, time, revealButton } = entry;
  clearInterval(entry.ticking);
  entry.ticking = undefined;
  value.textContent = row.text ?? '••••••••';
  value.classList.toggle('masked', row.text === undefined);
  value.classList.remove('revealed');
  if (live.textContent !== '') live.textContent = '';
  if (row.text === undefined) value.setAttribute('aria-label', word('masked'));
  else value.removeAttribute('aria-label');
  time.textContent = '';
  if (revealButton !== undefined) {
    setIcon(revealButton, 'eye');
    revealButton.setAttribute('aria-label', `${word('reveal')}, ${row.label}`);
    revealButton.title = word('reveal');
  }
}

function reveal(key: string, text: string, seconds: number): void {
  const entry = rows.find(({ row }) => row.key === key);
  if (entry === undefined) return;
  const { row, value, time, revealButton } = entry;
  clearInterval(entry.ticking);
  value.replaceChildren(...inColours(text));
  value.classList.remove('masked');
  value.classList.add('revealed');
  value.removeAttribute('aria-label');
  if (revealButton !== undefined) {
    setIcon(revealButton, 'eye-closed');
    revealButton.setAttribute('aria-label', `${word('hide')}, ${row.label}`);
    revealButton.title = word('hide');
  }
  live.textContent = text;
  countDown(entry, seconds, (left) => (time.textContent = fill('hidesIn', left)));
}

function showCode(key: string, text: string, seconds: number, period: number): void {
  const entry = rows.find(({ row }) => row.key === key);
  if (entry === undefined) return;
  const { value, time, element: all } = entry;
  clearInterval(entry.ticking);
  const middle = Math.ceil(text.length / 2);
  value.replaceChildren(element('span', '', text.slice(0, middle)), element('span', '', text.slice(middle)));
  value.className = 'value code';
  // A screen reader hears the code and not how its seconds go by.
  value.setAttribute('aria-label', text);
  time.setAttribute('aria-hidden', 'true');
  countDown(entry, seconds, (left) => {
    time.textContent = fill('goodFor', left);
    all.style.setProperty('--left', String(left / period));
    all.classList.toggle('ending', left <= 5);
  });
}

function countDown(entry: RowElement, seconds: number, show: (left: number) => void): void {
  const end = performance.now() + seconds * 1000;
  const tick = () => show(Math.max(0, Math.ceil((end - performance.now()) / 1000)));
  tick();
  entry.ticking = setInterval(tick, 1000);
}

/** Digits and other characters look different, so that they are not taken for letters. */
function inColours(text: string): Node[] {
  return (text.match(/\d+|\p{L}+|\s+|[^\d\p{L}\s]+/gu) ?? []).map((part) => {
    const kind = /\d/.test(part) ? 'digits' : /[\p{L}\s]/u.test(part) ? '' : 'symbols';
    return kind === '' ? document.createTextNode(part) : element('span', kind, part);
  });
}

function onKey(event: KeyboardEvent): void {
  if (event.key === 'Escape') {
    send({ kind: 'back' });
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey) return;
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
      const button = buttons.find(({ letter }) => letter.toLowerCase() === event.key.toLowerCase());
      if (button === undefined) return;
      const focused = focusedRow();
      const key = focused?.row.can.includes(button.does) === true ? focused.row.key : button.key;
      send({ kind: 'act', does: button.does, key, card: cardNumber });
    }
  }
  event.preventDefault();
}

/** What was copied from the page would stay on the clipboard: the extension copies it, and clears it again. */
function onCopy(event: ClipboardEvent): void {
  const selection = document.getSelection();
  const selected =
    selection === null || selection.isCollapsed ? [] : rows.filter(({ value }) => selection.containsNode(value, true));
  const entry = selected.find(({ row }) => row.can.includes('copy')) ?? focusedRow();
  event.preventDefault();
  if (entry?.row.can.includes('copy') === true) act('copy', entry);
}

function toggle(entry: RowElement): void {
  if (!entry.row.can.includes('reveal')) return;
  if (entry.value.classList.contains('revealed')) send({ kind: 'hide', key: entry.row.key });
  else act('reveal', entry);
}

function act(does: 'copy' | 'reveal' | 'open', { row }: RowElement): void {
  send({ kind: 'act', does, key: row.key, card: cardNumber });
}

/** One row is in the order of the Tab key; the arrow keys go from row to row. */
function setTabStop(entry: RowElement | undefined): void {
  for (const each of rows) each.element.tabIndex = each === entry ? 0 : -1;
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

function word(name: Exclude<keyof PageWords, 'hidesIn' | 'goodFor'>): string {
  return words?.[name] ?? '';
}

function fill(name: 'hidesIn' | 'goodFor', seconds: number): string {
  return (words?.[name] ?? '').replace('{0}', String(seconds));
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  if (text !== '') made.textContent = text;
  return made;
}

function icon(name: string, className = ''): HTMLElement {
  const made = element('i', `codicon codicon-${name} ${className}`.trim());
  made.setAttribute('aria-hidden', 'true');
  return made;
}

function toolButton(iconName: string, title: string, label: string): HTMLButtonElement {
  const button = element('button', 'tool');
  button.append(icon(iconName));
  button.title = title;
  button.setAttribute('aria-label', `${title}, ${label}`);
  // The row is reached by the arrow keys, and what its buttons do by Space, C and O.
  button.tabIndex = -1;
  return button;
}

function setIcon(button: HTMLButtonElement, name: string): void {
  button.replaceChildren(icon(name));
}

function listening(button: HTMLButtonElement, act: () => void): HTMLButtonElement {
  button.addEventListener('click', act);
  return button;
}
