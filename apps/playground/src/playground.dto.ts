import { IsInt, IsString, Max, MaxLength, Min } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { FIRST_ID, LAST_ID } from './made-up-people';

class OfPerson {
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

export class WalletWanted extends OfPerson {
  /** To be signed; without it only the address is told. */
  @MayBeAbsent()
  @IsString()
  @MaxLength(4096)
  message?: string;
}
