import { IsInt, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import type { Hex } from 'viem';
import { FIRST_ID, LAST_ID } from './made-up-people';

export class OfPerson {
  @IsInt()
  @Min(FIRST_ID)
  @Max(LAST_ID)
  id: number;
}

export class InitDataWanted extends OfPerson {
  @MayBeAbsent()
  @IsString()
  @MaxLength(512)
  startParam?: string;
}

export class LaunchWanted {
  @Matches(/^4000000\d{9}$/)
  id: string;

  @MayBeAbsent()
  @Matches(/^[\w-]{1,512}$/)
  startapp?: string;
}

export class WalletWanted extends OfPerson {
  /** The message to sign, in hex as `personal_sign` takes it. Without it the answer has the address only. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(8192)
  @Matches(/^0x(?:[0-9a-f]{2})+$/)
  message?: Hex;
}

export class TonProofWanted extends OfPerson {
  /** Of the challenge. Without it the answer has the address only. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(128)
  payload?: string;

  /** Of the challenge: the host of the page that asks. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(255)
  domain?: string;
}

export class TestCoinsWanted {
  /** CAIP-2. */
  @Matches(/^[a-z0-9]{3,8}:[\w-]{1,32}$/)
  chainId: string;

  /** That of a wallet, as the API shows it. */
  @Matches(/^[\w-]{42,48}$/)
  address: string;
}

export class BrowserPerson {
  /** Without it the person declines. */
  @MayBeAbsent()
  @IsInt()
  @Min(FIRST_ID)
  @Max(LAST_ID)
  id?: number;
}

export class OfBoard {
  @IsUUID()
  boardId: string;
}

export class OfSeason extends OfBoard {
  @IsUUID()
  seasonId: string;
}
