/** The shapes of the contract, generated from `app-core/companion/src/dto.rs`; never retyped here. */
export type * from '../../../../app-core/companion/bindings/dto.ts';
