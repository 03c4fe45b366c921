import { IsBoolean, IsInt, Max, Min } from 'class-validator';

/** Teams of people in the application. */
export class TeamsSettings {
  /** Whether people can create teams and join them. Teams that exist stay. */
  @IsBoolean()
  accept = true;

  /** The members of a team, its owner included. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  maxMembers = 1_000;

  /** The teams that a person is a member of, deleted ones that can be restored included. */
  @IsInt()
  @Min(1)
  @Max(1_000)
  maxTeamsPerPerson = 100;
}
