import { IsBoolean } from 'class-validator';

/** The API of Xellar's clients. */
export class XellarSettings {
  /** Whether its clients may use the application. */
  @IsBoolean()
  enabled = false;
}
