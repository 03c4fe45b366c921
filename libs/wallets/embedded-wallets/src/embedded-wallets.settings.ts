import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { actNames, type ActName } from './acts/acts';

const MAX_DOMAINS = 20;
/** A host name with an optional port, as in sign-in messages and `ton_proof`. */
const DOMAIN = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::[0-9]{1,5})?$/;

export class EmbeddedWalletSettings {
  @IsBoolean()
  enabled = false;

  @IsArray()
  @ArrayUnique()
  @IsIn(actNames, { each: true })
  acts: readonly ActName[] = ['sign-message', 'sign-typed-data', 'ton-proof', 'export'];

  /** The sites for which a message may sign in and `ton_proof` may be answered. */
  @IsArray()
  @ArrayUnique()
  @ArrayMaxSize(MAX_DOMAINS)
  @IsString({ each: true })
  @MaxLength(260, { each: true })
  @Matches(DOMAIN, {
    each: true,
    message: 'must be host names in lower case, each with its port if it has one',
  })
  domains: readonly string[] = [];
}
