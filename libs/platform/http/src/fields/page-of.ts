import type { Type as Class } from '@nestjs/common';
import type { Page } from '../pages/page';
import { ListOf, Text } from './kinds';

export function NextCursor(): PropertyDecorator {
  return Text('`cursor` of the next page; null on the last page.', null, { nullable: true });
}

/** The class of a page of items, for an answer to extend. */
export function PageOf<Item>(item: Class<Item>, description: string): Class<Page<Item>> {
  class PageResponse implements Page<Item> {
    @ListOf(item, description)
    items: readonly Item[];

    @NextCursor()
    nextCursor: string | null;
  }
  return PageResponse;
}
