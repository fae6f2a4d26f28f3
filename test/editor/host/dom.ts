/** The little of the page's DOM that is read inside the browser; the project compiles without the DOM library. */
export type DomElement = {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): DomElement | null;
  getBoundingClientRect(): { readonly top: number };
};
