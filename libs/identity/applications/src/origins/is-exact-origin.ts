import { ValidateBy, type ValidationOptions } from 'class-validator';
import { parseUrl } from '@countersign/text';

/**
 * An origin as browsers send it: scheme and host in lower case, a port only if it is not the scheme's
 * default.
 */
function isExactOrigin(value: unknown): boolean {
  return typeof value === 'string' && /^https?:/.test(value) && parseUrl(value)?.origin === value;
}

export function IsExactOrigin(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isExactOrigin',
      validator: {
        validate: isExactOrigin,
        defaultMessage: () => 'each must be an exact origin, such as https://app.example.com',
      },
    },
    options,
  );
}
