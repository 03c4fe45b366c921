import { FlagInQuery } from '@countersign/http';

export class EndSessionsQuery {
  @FlagInQuery('Whether this session ends too.', true)
  all?: string;
}
