import type { OpenAPIObject } from '@nestjs/swagger';
import { featureOf, grouped, operationsOf } from './operations';

/** Shorter lists of codes are repeated. */
const MIN_SHARED_CODES = 2;

/**
 * Moves parameters and lists of error codes to `components`, and refers to them: repeated in each operation they are a third
 * of the document. The name of a list, which has no dot, stands for its codes.
 */
export function shareComponents(document: OpenAPIObject): void {
  const parameters: Record<string, object> = {};
  const codes: Record<string, readonly string[]> = {};
  for (const operation of operationsOf(document)) {
    operation.parameters = (operation.parameters ?? []).map((parameter) =>
      '$ref' in parameter
        ? parameter
        : { $ref: `#/components/parameters/${nameIn(parameters, parameter.name, parameter)}` },
    );
    operation['x-error-codes'] = grouped(operation['x-error-codes'] ?? [], featureOf).flatMap(
      ([feature, list]) => (list.length < MIN_SHARED_CODES ? list : [nameIn(codes, feature, list)]),
    );
  }
  document.components = Object.assign(document.components ?? {}, { parameters, 'x-error-codes': codes });
}

/** The name of what equals `part`, or a free one that it gets: `name`, `name-2`, and so on. */
function nameIn(parts: Record<string, object>, name: string, part: object): string {
  for (let index = 1; ; index += 1) {
    const key = index === 1 ? name : `${name}-${index}`;
    const known = (parts[key] ??= part);
    if (JSON.stringify(known) === JSON.stringify(part)) return key;
  }
}
