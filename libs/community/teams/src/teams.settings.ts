import { IsBoolean } from 'class-validator';

/** Teams of people in the application. */
export class TeamsSettings {
  /** Whether people can create teams and join them. Teams that exist stay. */
  @IsBoolean()
  accept = true;
}
