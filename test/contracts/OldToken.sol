// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// As MKR: name and symbol are bytes32.
contract OldToken {
    bytes32 public constant name = "Old Token";
    bytes32 public constant symbol = "OLD";
}
