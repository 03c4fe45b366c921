type Given<Filter> = { [Name in keyof Filter]?: Exclude<Filter[Name], undefined> };

/** The given ones of the filters of a list: its query has other members too. */
export function given<Filter extends object>(
  filter: Filter,
  names: readonly (keyof Filter)[],
): Given<Filter> {
  const found = names.filter((name) => filter[name] !== undefined).map((name) => [name, filter[name]]);
  return Object.fromEntries(found) as Given<Filter>;
}
