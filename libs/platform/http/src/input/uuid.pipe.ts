import { Injectable, type PipeTransform } from '@nestjs/common';
import { isUUID } from 'class-validator';
import { AppError, errorDefinition } from '@countersign/errors';

/** Refuses an impossible id in a path with the code of an unknown one. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  constructor(private readonly code: string) {}

  transform(value: string): string {
    if (isUUID(value)) return value.toLowerCase();
    const definition = errorDefinition(this.code);
    if (!definition) throw new Error(`unknown error code ${this.code}`);
    throw new AppError(this.code, definition);
  }
}
