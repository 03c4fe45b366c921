import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { readInput } from './input';

/** Validates bodies and queries whose parameter is declared as a class. */
@Injectable()
export class InputPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if ((type !== 'body' && type !== 'query') || !metatype || metatype === Object) return value;
    return readInput(metatype, value);
  }
}
