import { ArrayMaxSize, ArrayUnique, IsArray, Matches, ValidateBy } from 'class-validator';
import { readSendLimits, type SendLimits, type SendLimitsJson, type Totals } from '@countersign/sends';

const MAX_ASSETS = 100;
/** CAIP-2, `coin` or a token as it is stored, and the amount in its smallest unit. */
const COMPAT_AMOUNT =
  /^(?:eip155:[0-9]{1,10}\/(?:coin|0x[0-9a-f]{40})|ton:-(?:239|3)\/(?:coin|-?[0-9]{1,3}:[0-9a-f]{64}))\/(?:0|[1-9][0-9]{0,77})$/;

/** What is not limited, as JSON. */
const UNLIMITED: SendLimitsJson = { chains: null, assets: null, recipients: null };

function IsLimit(meaning: string): PropertyDecorator {
  return ValidateBy({
    name: 'isLimit',
    validator: {
      validate: (value: unknown, args) =>
        readSendLimits({ ...UNLIMITED, [args?.property ?? '']: value }) !== null,
      defaultMessage: () => `must be ${meaning}`,
    },
  });
}

const EACH_ASSET_ONCE = { message: 'must have each coin and token once' };

const assetOf = (amount: unknown): string => splitAmount(String(amount))[0];

/** What people send from embedded wallets in the application. */
export class SendSettings {
  /** The chains. `null`: all. */
  @IsLimit('null, or a list of CAIP-2 ids')
  chains: SendLimitsJson['chains'] = null;

  /** Limits of coins and tokens; what is not listed is refused. `null`: no limits. */
  @IsLimit('null, or a list of objects with `chain`, `token`, `perAct` and `perDay`')
  assets: SendLimitsJson['assets'] = null;

  /** Addresses that are sent to. `null`: all. */
  @IsLimit('null, or a list of addresses')
  recipients: SendLimitsJson['recipients'] = null;

  /** What all people together send in a day by tokens of compatible APIs, which name no act. Of assets that are not listed: nothing. */
  @IsArray()
  @ArrayMaxSize(MAX_ASSETS)
  @ArrayUnique(assetOf, EACH_ASSET_ONCE)
  @Matches(COMPAT_AMOUNT, {
    each: true,
    message:
      'must be texts `<CAIP-2>/coin/<amount>` or `<CAIP-2>/<token in lower case>/<amount>`, in the smallest unit',
  })
  compatPerDay: readonly string[] = [];
}

export function limitsOf({ chains, assets, recipients }: SendSettings): SendLimits {
  const read = readSendLimits({ chains, assets, recipients });
  if (!read) throw new RangeError('stored limits of an application are not well-formed');
  return read;
}

export function compatPerDayOf({ compatPerDay }: SendSettings): Totals {
  return new Map(
    compatPerDay.map((text) => {
      const [asset, amount] = splitAmount(text);
      return [asset, BigInt(amount)];
    }),
  );
}

/** The key of the asset, and its amount. */
function splitAmount(text: string): readonly [string, string] {
  const at = text.lastIndexOf('/');
  return [text.slice(0, at), text.slice(at + 1)];
}
