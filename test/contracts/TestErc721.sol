// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// An ERC-721 that anybody may mint.
contract TestErc721 is ERC721("Test Collectibles", "TC") {
    function mint(address to, uint256 id) external {
        _mint(to, id);
    }
}
