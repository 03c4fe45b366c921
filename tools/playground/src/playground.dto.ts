import { IsInt, IsString, Matches, Max, MaxLength, Min } from 'class-validator';
import { MayBeAbsent } from '@countersign/http';
import { FIRST_ID, LAST_ID } from './made-up-people';

export class InitDataWanted {
  @IsInt()
  @Min(FIRST_ID)
  @Max(LAST_ID)
  id: number;

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
