import { DiscoveryService } from '@nestjs/core';

interface Extension<Provider, Declaration> {
  readonly provider: Provider;
  readonly declaration: Declaration;
}

/** The providers are found at the first use, after all modules are initialised. */
interface Extensions<Provider, Declaration> {
  readonly all: readonly Provider[];
  readonly declared: readonly Extension<Provider, Declaration>[];
}

interface ExtensionPoint<Provider, Declaration> {
  (declaration: Declaration): (provider: new (...dependencies: never[]) => Provider) => void;
  /** Providers are ordered by class name, so that all replicas lock rows in one order. */
  in(discovery: DiscoveryService): Extensions<Provider, Declaration>;
}

/** Other modules add behaviour here to a module that does not know them. */
export function extensionPoint<Provider, Declaration = void>(): ExtensionPoint<Provider, Declaration> {
  const decorator = DiscoveryService.createDecorator<Declaration>();

  const find = (discovery: DiscoveryService): readonly Extension<Provider, Declaration>[] =>
    discovery
      .getProviders({ metadataKey: decorator.KEY })
      .toSorted((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1))
      .map((wrapper) => ({
        provider: wrapper.instance as Provider,
        declaration: discovery.getMetadataByDecorator(decorator, wrapper) as Declaration,
      }));

  return Object.assign((declaration: Declaration) => decorator(declaration), {
    in(discovery: DiscoveryService): Extensions<Provider, Declaration> {
      let found: Extensions<Provider, Declaration> | null = null;
      const extensions = (): Extensions<Provider, Declaration> => {
        if (found) return found;
        const declared = find(discovery);
        return (found = { declared, all: declared.map(({ provider }) => provider) });
      };
      return {
        get all() {
          return extensions().all;
        },
        get declared() {
          return extensions().declared;
        },
      };
    },
  });
}

function nameOf({ metatype }: { readonly metatype: { readonly name: string } | null }): string {
  return metatype?.name ?? '';
}
