// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

/// Logs what it likes, takes a fee of every transfer, and has a name as long as the caller wants.
contract HostileToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event TransferSingle(address indexed operator, address indexed from, address indexed to, uint256 id, uint256 value);
    event TransferBatch(
        address indexed operator, address indexed from, address indexed to, uint256[] ids, uint256[] values
    );

    mapping(address => uint256) public balanceOf;
    string public name;
    string public symbol;

    constructor(string memory name_, string memory symbol_) {
        name = name_;
        symbol = symbol_;
    }

    /// No uint8.
    function decimals() external pure returns (uint256) {
        return type(uint256).max;
    }

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
        emit Transfer(address(0), to, amount);
    }

    /// Says that all of it arrived, and keeps a tenth.
    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount - amount / 10;
        emit Transfer(msg.sender, to, amount);
        return true;
    }

    /// Nothing moves.
    function logTransfer(address from, address to, uint256 value) external {
        emit Transfer(from, to, value);
    }

    function logTransfers(address from, address[] calldata to, uint256 value) external {
        for (uint256 i = 0; i < to.length; i++) emit Transfer(from, to[i], value);
    }

    function logBatch(address from, address to, uint256[] calldata ids, uint256[] calldata values) external {
        emit TransferBatch(msg.sender, from, to, ids, values);
    }

    /// Up to four topics and any bytes.
    function logRaw(bytes32[] calldata topics, bytes memory data) external {
        bytes32 a = topics.length > 0 ? topics[0] : bytes32(0);
        bytes32 b = topics.length > 1 ? topics[1] : bytes32(0);
        bytes32 c = topics.length > 2 ? topics[2] : bytes32(0);
        bytes32 d = topics.length > 3 ? topics[3] : bytes32(0);
        uint256 count = topics.length;
        assembly ("memory-safe") {
            let start := add(data, 32)
            let size := mload(data)
            switch count
            case 0 { log0(start, size) }
            case 1 { log1(start, size, a) }
            case 2 { log2(start, size, a, b) }
            case 3 { log3(start, size, a, b, c) }
            default { log4(start, size, a, b, c, d) }
        }
    }
}
