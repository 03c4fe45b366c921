// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Answers `isValidSignature` in a way that is chosen when it is made. As an EIP-7702 delegate its way is in the code too.
contract AwkwardWallet {
    enum Way {
        Yes,
        No,
        Reverts,
        Loops,
        LongAnswer,
        ShortAnswer,
        DirtyPadding,
        True,
        Nothing,
        WritesState
    }

    Way private immutable way;
    uint256 private written;

    constructor(Way way_) {
        way = way_;
    }

    receive() external payable {}

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        if (way == Way.No) return 0xffffffff;
        if (way == Way.Reverts) revert("too many requests");
        if (way == Way.Loops) while (true) {}
        if (way == Way.WritesState) written = 1;
        Way chosen = way;
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, shl(224, 0x1626ba7e))
            switch chosen
            case 4 { return(start, 100000) }
            case 5 { return(start, 4) }
            case 6 {
                mstore(start, or(shl(224, 0x1626ba7e), 1))
                return(start, 32)
            }
            case 7 {
                mstore(start, 1)
                return(start, 32)
            }
            case 8 { return(start, 0) }
            default { return(start, 32) }
        }
    }
}
