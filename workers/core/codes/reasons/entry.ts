// What there is to say about a code to somebody who meets it for the first time.

export interface Reason {
  /** What goes wrong without the rule, or why it happens; whole sentences. */
  readonly why: string
  /** Lines of YAML, where they say more than words. */
  readonly example?: { readonly wrong: string; readonly right: string }
}
