import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';

/** An export, as `docs/export.schema.json` describes it. */
export interface ExportBody {
  readonly userId: string;
  readonly sections: Readonly<
    Record<string, { readonly meaning: string; readonly items: readonly Readonly<Record<string, unknown>>[] }>
  >;
}

const schema = JSON.parse(readFileSync(join(__dirname, '../../docs/export.schema.json'), 'utf8')) as object;
const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictTypes: false });
(addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
const validate = ajv.compile(schema);

/** Checks the text of an export against its schema. */
export function readExport(text: string): ExportBody {
  const body: unknown = JSON.parse(text);
  expect({ isValid: validate(body), errors: validate.errors }).toEqual({ isValid: true, errors: null });
  return body as ExportBody;
}
