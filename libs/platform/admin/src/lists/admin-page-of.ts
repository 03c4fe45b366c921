import type { Type } from '@nestjs/common';
import { PageOf, type Page } from '@countersign/http';

/** The class of a page of a list of the administration API, for an answer to extend. */
export function AdminPageOf<Item>(item: Type<Item>, description: string): Type<Page<Item>> {
  return PageOf(item, description, '`cursor` of the next page; null on the last one.');
}
