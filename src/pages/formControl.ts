import { element, setToolButton, toolButton, listening } from './elements';
import type { ControlNews, FormControl, FormWords, FromForm } from '../ui/item/formMessages';

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** Tells the extension what the user does in the form. */
export type SendFromForm = (message: DistributiveOmit<FromForm, 'form' | 'version'>) => void;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

let lastId = 0;

/**
 * Something to fill in: a label, a box, and below it what is to be said of it. A secret that is as it was is not in the box:
 * dots stand there until it is typed over or revealed.
 */
export class ControlElement {
  readonly all: HTMLElement;
  readonly input: Input;
  readonly #label: HTMLLabelElement;
  readonly #hint = element('p', 'hint');
  readonly #problem = element('p', 'problem');
  readonly #time = element('span', 'dim time');
  readonly #revealButton: HTMLButtonElement | undefined;
  readonly #clearButton: HTMLButtonElement | undefined;
  readonly #tools: HTMLButtonElement[] = [];
  #secret: 'masked' | 'typed' | 'shown' = 'masked';
  /** What the extension has put into the box: anything else was typed. */
  #told = '';
  #ticking: ReturnType<typeof setInterval> | undefined;
  #seconds = 0;

  constructor(
    private control: FormControl,
    private readonly words: FormWords,
    private readonly send: SendFromForm,
  ) {
    const { kind, isSecret, canGenerate, isHalf } = control;
    lastId++;
    this.all = element('div', `control ${kind}${isHalf ? ' half' : ''}`);
    this.input = newInput(kind);
    this.input.id = `control${lastId}`;
    this.#hint.id = `hint${lastId}`;
    this.#problem.id = `problem${lastId}`;
    this.#label = element('label');
    this.#label.htmlFor = this.input.id;
    const box = element('div', 'box');
    box.append(this.input);
    if (isSecret) {
      this.#revealButton = listening(toolButton('eye', words.reveal, control.label), () => this.#toggle());
      this.#clearButton = listening(toolButton('clear-all', words.clear, control.label), () => this.#clear());
      this.#tools.push(this.#revealButton, this.#clearButton);
      this.#setMasked(true);
    }
    if (isSecret || control.key === 'notes') {
      this.input.addEventListener('copy', (event) => this.#copy(event));
      this.input.addEventListener('cut', (event) => this.#copy(event));
    }
    if (canGenerate) {
      this.#tools.push(
        listening(toolButton('refresh', words.generate, control.label), () =>
          this.send({ kind: 'generate', key: this.key }),
        ),
      );
    }
    box.append(this.#time, ...this.#tools);
    this.all.append(...(kind === 'check' ? [box, this.#label] : [this.#label, box]), this.#hint, this.#problem);
    this.input.addEventListener('input', () => this.#changed(false));
    this.input.addEventListener('change', () => this.#changed(true));
    this.update(control);
  }

  get key(): string {
    return this.control.key;
  }

  /** Whether it can stand for this one, so that the cursor and what was typed stay. */
  fits({ key, kind, isSecret }: FormControl): boolean {
    return this.control.key === key && this.control.kind === kind && this.control.isSecret === isSecret;
  }

  update(control: FormControl): void {
    const { label, short, options, fixed, isRequired } = control;
    this.control = control;
    this.#label.textContent = short ?? label;
    if (short !== undefined) this.input.setAttribute('aria-label', label);
    if (isRequired) this.input.setAttribute('aria-required', 'true');
    if (this.input instanceof HTMLSelectElement) setOptions(this.input, options);
    setFixed(this.input, fixed !== undefined);
    for (const button of this.#tools) button.hidden = fixed !== undefined;
    if (this.#revealButton !== undefined) this.#setRevealButton();
    this.tell(control);
  }

  /** Takes over what is different. What the user is typing stays. */
  tell({ text, isThere, hint, problem }: Omit<ControlNews, 'key'>): void {
    this.control = { ...this.control, isThere, hint, problem };
    const { isSecret, fixed } = this.control;
    if (this.#clearButton !== undefined) this.#clearButton.hidden = !isThere || fixed !== undefined;
    if (isSecret) this.#showPlaceholder();
    else if (text !== undefined) this.#setText(text);
    this.#hint.textContent = fixed ?? hint ?? '';
    this.#problem.textContent = problem ?? '';
    const notes = [this.#hint, this.#problem].filter(({ textContent }) => textContent !== '').map(({ id }) => id);
    if (notes.length === 0) this.input.removeAttribute('aria-describedby');
    else this.input.setAttribute('aria-describedby', notes.join(' '));
    if (problem === undefined) this.input.removeAttribute('aria-invalid');
    else this.input.setAttribute('aria-invalid', 'true');
  }

  /** What is being typed stays: the extension does not know of it yet. */
  #setText(text: string): void {
    const isTyped = this.input === document.activeElement && textOf(this.input) !== this.#told;
    this.#told = text;
    if (!isTyped) setText(this.input, text);
  }

  show(text: string, seconds: number): void {
    this.#secret = 'shown';
    this.#told = text;
    this.#seconds = seconds;
    if (!(this.input instanceof HTMLSelectElement)) this.input.value = text;
    this.#setMasked(false);
    this.#showPlaceholder();
    this.#countDown();
  }

  /** @param keeps what is in the box is what the user has typed. */
  mask(keeps: boolean): void {
    clearInterval(this.#ticking);
    this.#time.textContent = '';
    if (!keeps && this.input.value === this.#told) this.input.value = '';
    this.#told = '';
    this.#secret = this.input.value === '' ? 'masked' : 'typed';
    this.#setMasked(true);
    this.#showPlaceholder();
  }

  /** The form is gone. */
  end(): void {
    clearInterval(this.#ticking);
  }

  #changed(isDone: boolean): void {
    const { input, key } = this;
    if (this.control.isSecret && this.#secret !== 'shown') {
      const isAsItWas = input.value === '';
      if (isAsItWas && this.#secret === 'masked') return;
      this.#secret = isAsItWas ? 'masked' : 'typed';
      if (isAsItWas) {
        this.send({ kind: 'restore', key });
        return;
      }
    }
    if (this.#secret === 'shown') this.#countDown();
    this.send({ kind: 'change', key, text: textOf(input), isDone });
  }

  /** A box of dots is empty by itself. */
  #clear(): void {
    this.input.value = '';
    this.mask(false);
    this.send({ kind: 'change', key: this.key, text: '', isDone: true });
    this.input.focus();
  }

  #toggle(): void {
    const { key } = this;
    this.send(this.#secret === 'shown' ? { kind: 'mask', key } : { kind: 'show', key });
  }

  /** The extension copies it, and clears it from the clipboard again. */
  #copy(event: Event): void {
    const { input } = this;
    if (input instanceof HTMLSelectElement) return;
    const [from, to] = [input.selectionStart ?? 0, input.selectionEnd ?? 0];
    const text = input.value.slice(from, to);
    event.preventDefault();
    if (text === '' || (this.control.isSecret && this.#secret !== 'shown')) return;
    this.send({ kind: 'copyPart', key: this.key, text });
    if (event.type !== 'cut') return;
    input.setRangeText('', from, to, 'end');
    this.#changed(false);
  }

  #setMasked(isMasked: boolean): void {
    if (this.input instanceof HTMLInputElement) this.input.type = isMasked ? 'password' : 'text';
    else this.input.classList.toggle('discs', isMasked);
    if (this.#revealButton !== undefined) this.#setRevealButton();
  }

  #setRevealButton(): void {
    const isShown = this.#secret === 'shown';
    if (this.#revealButton === undefined) return;
    const [iconName, title] = isShown ? ['eye-closed', this.words.hide] : ['eye', this.words.reveal];
    setToolButton(this.#revealButton, iconName, title, this.control.label);
  }

  #showPlaceholder(): void {
    if (this.input instanceof HTMLSelectElement) return;
    const isHidden = this.#secret === 'masked' && this.control.isThere && this.control.fixed === undefined;
    this.input.placeholder = isHidden ? this.words.dots : '';
    if (isHidden) this.input.setAttribute('aria-description', this.words.masked);
    else this.input.removeAttribute('aria-description');
  }

  /** Masks it when its time is over, whether or not the extension is still there. Typing makes it begin anew. */
  #countDown(): void {
    clearInterval(this.#ticking);
    const end = Date.now() + this.#seconds * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left > 0) this.#time.textContent = this.words.hidesIn.replace('{0}', String(left));
      else this.mask(false);
    };
    this.#ticking = setInterval(tick, 1000);
    tick();
  }
}

function newInput(kind: FormControl['kind']): Input {
  if (kind === 'choice') return element('select');
  if (kind === 'lines') {
    const lines = element('textarea');
    lines.rows = 4;
    lines.spellcheck = false;
    return lines;
  }
  const input = element('input');
  input.type = kind === 'check' ? 'checkbox' : 'text';
  input.autocomplete = 'off';
  input.spellcheck = false;
  return input;
}

function setOptions(select: HTMLSelectElement, options: FormControl['options']): void {
  const { value } = select;
  select.replaceChildren(
    ...options.map(({ value: each, label }) => {
      const option = element('option', '', label);
      option.value = each;
      return option;
    }),
  );
  select.value = value;
}

function textOf(input: Input): string {
  return input instanceof HTMLInputElement && input.type === 'checkbox' ? String(input.checked) : input.value;
}

function setText(input: Input, text: string): void {
  if (textOf(input) === text) return;
  if (input instanceof HTMLInputElement && input.type === 'checkbox') input.checked = text === 'true';
  else if (input instanceof HTMLSelectElement) input.value = text;
  else {
    const { selectionStart, selectionEnd } = input;
    input.value = text;
    input.setSelectionRange(selectionStart, selectionEnd);
  }
}

function setFixed(input: Input, isFixed: boolean): void {
  if (input instanceof HTMLSelectElement || input.type === 'checkbox') input.disabled = isFixed;
  else input.readOnly = isFixed;
}
