import { Matching } from '@countersign/http';
import { USERNAME, USERNAME_RULE } from '../fields/username';

export class UsernameQuery {
  @Matching('A username; upper case counts as lower case.', 'ada_lovelace', {
    input: 'required',
    pattern: USERNAME,
    message: USERNAME_RULE,
  })
  username: string;
}
