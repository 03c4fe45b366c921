/** Declarations by name. Each feature registers its own when its files load, so a lower lib knows no feature. */
export class Registry<Name extends string, Declaration> {
  /** Sorted. The list grows: code that derives a value while its file loads must use `listOf`, or it misses names. */
  readonly names: readonly Name[];
  private readonly lists: (() => void)[] = [];
  private readonly declarations = new Map<string, Declaration>();

  /** @param kind for messages */
  constructor(
    private readonly kind: string,
    private readonly form: RegExp,
  ) {
    this.names = this.listOf((names) => names);
  }

  define(declarations: Readonly<Record<string, Declaration>>): void {
    for (const [name, declaration] of Object.entries(declarations)) {
      if (!this.form.test(name)) throw new Error(`${this.kind} ${name} is not of the form ${this.form}`);
      if (this.declarations.has(name)) throw new Error(`${this.kind} ${name} is defined twice`);
      this.declarations.set(name, declaration);
    }
    this.fillLists();
  }

  listOf<Item>(make: (names: readonly Name[]) => readonly Item[]): readonly Item[] {
    const list: Item[] = [];
    const fill = (): void => {
      list.splice(0, list.length, ...make([...this.declarations.keys()].sort() as Name[]));
    };
    this.lists.push(fill);
    fill();
    return list;
  }

  has(name: string): name is Name {
    return this.declarations.has(name);
  }

  get(name: Name): Declaration {
    const declaration = this.declarations.get(name);
    if (declaration === undefined) throw new Error(`no feature defines the ${this.kind} ${name}`);
    return declaration;
  }

  private fillLists(): void {
    for (const fill of this.lists) fill();
  }
}
