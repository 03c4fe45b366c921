/** The definitions of one kind that the features in use list. A lower lib knows no feature. */
export class DefinitionsInUse<Definition extends string | { readonly name: string }> {
  /** Sorted. The array stays the same, because decorators refer to it before the features are known. */
  readonly names: readonly string[];
  private readonly lists: (() => void)[] = [];
  private definitions: ReadonlyMap<string, Definition> = new Map();

  /** @param kind for messages */
  constructor(
    private readonly kind: string,
    private readonly form: RegExp,
  ) {
    this.names = this.listOf((names) => names);
  }

  /** Replaces all definitions. The composition root calls it. */
  use(definitions: readonly Definition[]): void {
    const byName = new Map<string, Definition>();
    for (const definition of definitions) {
      const name = typeof definition === 'string' ? definition : definition.name;
      if (!this.form.test(name)) throw new Error(`${this.kind} ${name} is not of the form ${this.form}`);
      if (byName.has(name)) throw new Error(`${this.kind} ${name} is defined twice`);
      byName.set(name, definition);
    }
    this.definitions = byName;
    for (const fill of this.lists) fill();
  }

  /** A list that follows the names. */
  listOf<Item>(make: (names: readonly string[]) => readonly Item[]): readonly Item[] {
    const list: Item[] = [];
    const fill = (): void => {
      list.splice(0, list.length, ...make([...this.definitions.keys()].sort()));
    };
    this.lists.push(fill);
    return list;
  }

  get all(): readonly Definition[] {
    return this.names.flatMap((name) => this.find(name) ?? []);
  }

  has(name: string): boolean {
    return this.definitions.has(name);
  }

  find(name: string): Definition | null {
    return this.definitions.get(name) ?? null;
  }
}
