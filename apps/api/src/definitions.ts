import type { Type } from '@nestjs/common';
import { revealedFieldsInUse } from '@countersign/account';
import { scopesInUse } from '@countersign/admin';
import { identityProvidersInUse, presetsInUse, settingsInUse } from '@countersign/applications';
import { eventsInUse } from '@countersign/audit';
import { doorsInUse } from '@countersign/auth';
import type { ProblemShape } from '@countersign/http';
import { loginMethodsInUse, operationsInUse } from '@countersign/sessions';
import type { DefinitionsInUse } from '@countersign/runtime';
import { coreModules } from './core.modules';

const kinds = {
  doors: doorsInUse,
  events: eventsInUse,
  identityProviders: identityProvidersInUse,
  loginMethods: loginMethodsInUse,
  operations: operationsInUse,
  presets: presetsInUse,
  revealedFields: revealedFieldsInUse,
  scopes: scopesInUse,
  settings: settingsInUse,
};

type Kind = keyof typeof kinds;
type Definition<K extends Kind> = (typeof kinds)[K] extends DefinitionsInUse<infer D> ? D : never;
type Definitions = {
  readonly [K in Kind]?: Readonly<Record<string, Definition<K>>> | readonly Definition<K>[];
};

/** A module that lists the definitions of its feature. */
export interface DefiningModule extends Type {
  readonly defines?: Definitions;
  /** The error format, if the feature serves clients of another service. */
  readonly errors?: ProblemShape;
}

/** Takes the definitions of the core and of these modules into use, and no others. */
export function useDefinitions(modules: readonly object[]): void {
  const all: readonly { readonly defines?: Definitions }[] = [...coreModules, ...modules];
  const use = <K extends Kind>(kind: K, inUse: DefinitionsInUse<Definition<K>>): void => {
    inUse.use(all.flatMap(({ defines }) => Object.values(defines?.[kind] ?? {})));
  };
  for (const kind of Object.keys(kinds) as Kind[]) use(kind, kinds[kind] as never);
}
